"""Loads CSV files: one upload a file, resumed where an earlier run was interrupted, several side by side."""

from __future__ import annotations

import hashlib
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tidemark import db
from tidemark.config import Settings
from tidemark.errors import CannotConnect, DatabaseRefused, TidemarkError
from tidemark.load.dialect import FileFailure
from tidemark.load.source import Source
from tidemark.load.stage import behind_staged, stage
from tidemark.steps import Step, Steps

UNFINISHED = ("staging", "staged")
# How long a load waits for a server that went away, before it leaves the rest to the next run.
RECONNECT_SECONDS = 60.0
# Last words of a server that stops, or that lost another process and starts over.
SERVER_LEAVES = {"57P01", "57P02", "57P03"}


@dataclass
class Job:
    """One file to load, and how far it came."""

    dataset: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    is_dry_run: bool = False
    again: bool = False
    upload_id: int | None = None
    after: threading.Event | None = None  # set once the file before this one is registered
    is_registered: threading.Event = field(default_factory=threading.Event)

    @property
    def can_be_read_again(self) -> bool:
        return self.path != "-"

    @property
    def where(self) -> dict[str, Any]:
        return {"dataset": self.dataset, "parameters": json.dumps(dict(self.parameters))}


@dataclass(frozen=True)
class Loaded:
    """What became of a file: the row of its upload, or the error that kept it from being registered."""

    job: Job
    upload: Any = None
    error: TidemarkError | None = None

    @property
    def is_good(self) -> bool:
        return self.error is None and self.upload.load_status in ("loaded", "checked", "repeated")


def load_file(connect: Callable[[], db.Connection], job: Job) -> Steps[Loaded]:
    """Loads one file, from registration to the end; a server that comes back in time is waited for.

    Errors: UsageProblem when the file cannot be opened; DatabaseRefused when the domain refuses the upload or a hook
    fails; CannotConnect. The upload can then be gone on with.
    """
    deadline: float | None = None
    while True:
        try:
            with connect() as connection:
                deadline = None
                return (yield from _attempt(connection, job))
        except (CannotConnect, DatabaseRefused) as error:
            is_lost = isinstance(error, CannotConnect) or error.sqlstate in SERVER_LEAVES
            if not is_lost or (deadline is None and job.upload_id is None):
                raise
            deadline = deadline or time.monotonic() + RECONNECT_SECONDS
            if time.monotonic() > deadline or not job.can_be_read_again:
                raise
            yield Step(f"{job.path}: {error.message}; trying again", is_warning=True)
            time.sleep(0.5)


def load_files(settings: Settings, jobs: Sequence[Job], side_by_side: int = 1) -> Steps[list[Loaded]]:
    """Loads several files, registered in their order; an error of one does not keep the others.

    Shape:  one item a job, in order.
    """
    with _Connections(settings) as connections:
        if len(jobs) == 1:
            return [(yield from load_file(connections.open, jobs[0]))]
        for earlier, later in pairwise(jobs):
            later.after = earlier.is_registered
        results: list[Loaded | None] = [None] * len(jobs)
        news: queue.Queue[Step | None] = queue.Queue()
        waiting = iter(enumerate(jobs))
        turn = threading.Lock()

        def work() -> None:
            while not connections.is_stopped:
                with turn:
                    number, job = next(waiting, (-1, None))
                if job is None:
                    break
                try:
                    results[number] = _told(load_file(connections.open, job), news)
                except TidemarkError as error:
                    results[number] = Loaded(job, error=error)
                finally:
                    job.is_registered.set()
            news.put(None)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(min(side_by_side, len(jobs)))]
        for thread in threads:
            thread.start()
        running = len(threads)
        while running:
            step = news.get()
            if step is None:
                running -= 1
            else:
                yield step
        return [result for result in results if result is not None]


def _told(steps: Steps[Loaded], news: queue.Queue[Step | None]) -> Loaded:
    while True:
        try:
            news.put(next(steps))
        except StopIteration as end:
            result: Loaded = end.value
            return result


def _attempt(connection: db.Connection, job: Job) -> Steps[Loaded]:
    upload = _row(connection, job.upload_id) if job.upload_id else None
    if upload is not None and upload.load_status not in UNFINISHED:
        return Loaded(job, upload)  # it ended, only the answer was lost
    with _sources(job) as open_source:
        source = open_source()
        if job.upload_id is None and (known := _known(connection, job, source)):
            return Loaded(job, known)
        splitter = None
        if job.can_be_read_again:
            if source.done > 2:
                source = open_source()
            for candidate in [upload] if upload else _unfinished(connection, job):
                splitter = behind_staged(connection, source, candidate) if candidate.staged_bytes else None
                if splitter is not None:
                    job.upload_id = candidate.upload_id
                    yield Step(f"{source.name}: going on behind record {candidate.staged_rows:,}")
                    break
                source = open_source()
        if job.upload_id is None:
            if job.after is not None:
                job.after.wait()
            job.upload_id = db.value(
                connection, "load_open_upload", file_name=source.name, is_dry_run=job.is_dry_run, **job.where
            )
            db.value(connection, "load_claim_upload", upload_id=job.upload_id)
        job.is_registered.set()
        try:
            status = _row(connection, job.upload_id).load_status
            while status in UNFINISHED:
                if status == "staging":
                    yield from stage(connection, job.upload_id, source, splitter)
                yield Step(f"{source.name}: checking and merging")
                status = db.value(connection, "load_finish_upload", upload_id=job.upload_id, again=job.again)
                if status == "staging":  # a crash of the server emptied the staging table
                    source, splitter = open_source(), None
        except FileFailure as failure:
            db.run(
                connection,
                "load_give_up",
                upload_id=job.upload_id,
                code=failure.code,
                detail=failure.detail,
                message=failure.message,
            )
    return Loaded(job, _row(connection, job.upload_id))


@contextmanager
def _sources(job: Job) -> Iterator[Callable[[], Source]]:
    """Opens the file of a job, again and again if need be; the last one is closed at the end."""
    opened: list[Source] = []

    def open_source() -> Source:
        while opened:
            opened.pop().close()
        opened.append(Source(job.path))
        return opened[-1]

    try:
        yield open_source
    finally:
        while opened:
            opened.pop().close()


def _row(connection: db.Connection, upload_id: int | None) -> Any:
    return db.fetch(connection, "load_upload", upload_id=upload_id)[0]


def _unfinished(connection: db.Connection, job: Job) -> Iterator[Any]:
    """Uploads that may be this file, interrupted, and that no session works on."""
    for row in db.fetch(connection, "load_unfinished", is_dry_run=job.is_dry_run, **job.where):
        if db.value(connection, "load_claim_upload", upload_id=row.upload_id):
            yield row


def _known(connection: db.Connection, job: Job, source: Source) -> Any:
    """The earlier load of the same content, found without registering anything; None if there is none.

    Only a plain file of the same size as an earlier one is read for this; all others are recognised when staged.
    """
    if job.again or job.is_dry_run or source.is_compressed or not source.size:
        return None
    rows = db.fetch(connection, "load_same_size", bytes=source.size, **job.where)
    if not rows:
        return None
    digest = hashlib.sha256()
    while data := source.read(1 << 20):
        digest.update(data)
    if digest.digest() != bytes(rows[0].content_digest):
        return None
    return rows[0]._replace(load_status="repeated", repeats_upload_id=rows[0].upload_id)


class _Connections:
    """Connections of the workers; all are cancelled when the run is interrupted."""

    def __init__(self, settings: Settings) -> None:
        self.is_stopped = False
        self._settings = settings
        self._open: list[db.Connection] = []

    def open(self) -> db.Connection:
        connection = db.connect(self._settings.dsn or "", timeout_seconds=self._settings.connect_timeout_seconds)
        self._open.append(connection)
        return connection

    def __enter__(self) -> _Connections:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.is_stopped = True
        if error is not None:
            for connection in self._open:
                if not connection.closed:
                    connection.cancel()
