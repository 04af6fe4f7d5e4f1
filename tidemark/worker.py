"""Runs jobs: one thread for each that may run at once, and one that listens and says that the worker is alive.

Which job is next, whether one may run, and what becomes of it is decided in schema jobs.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import entry_points
from typing import Any

from tidemark import db
from tidemark.config import Settings
from tidemark.errors import Busy, CannotConnect, DatabaseRefused, StateProblem
from tidemark.steps import Step, Steps

CHANNEL = "tidemark_jobs"
ENTRY_POINTS = "tidemark.jobs"
CAPACITY_LOOK_SECONDS = 0.5
TRIES = 5
GONE = "55000"  # the job was taken away while the step ran


@dataclass(frozen=True)
class Options:
    """How a worker works. Times in seconds."""

    concurrency: int = 1
    lease: float = 30.0
    poll: float = 5.0
    tick_every: float | None = None
    drain: bool = False
    name: str = field(default_factory=lambda: f"{socket.gethostname()} {os.getpid()}")


@dataclass
class Tally:
    """How the jobs of a worker ended."""

    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    given_back: int = 0
    lost: int = 0


class Cancelled(Exception):
    """The job is asked to stop; raised by ``progress`` in a handler outside the database."""


class Worker:
    """One process.

    ``end()`` lets what runs finish, ``hurry()`` gives jobs back after their current step,
    ``abandon()`` waits for none.
    """

    def __init__(self, settings: Settings, options: Options) -> None:
        self._settings = settings
        self.options = options
        self.tally = Tally()
        self._id: int | None = None
        self._ending = threading.Event()
        self._hurrying = threading.Event()
        self._abandoned = threading.Event()
        self._news = threading.Condition()
        self._heard = 0
        self._held: dict[int, Any] = {}  # by thread, what it has claimed
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._failure: BaseException | None = None

    def end(self) -> None:
        self._ending.set()

    def hurry(self) -> None:
        self._ending.set()
        self._hurrying.set()

    def abandon(self) -> None:
        self.hurry()
        self._abandoned.set()

    def run(self) -> Steps[Tally]:
        """Works until it is told to end, or with ``drain`` until nothing waits. What it says are steps.

        Errors: StateProblem before apply; DatabaseRefused for a login that may not run jobs.
        """
        with self._connect() as connection:
            if not db.value(connection, "has_jobs"):
                raise StateProblem("this database has no jobs yet", hint="tidemark apply brings them.")
            self._join(connection)
        runners = [
            threading.Thread(target=self._guard, args=(self._runner,)) for _ in range(self.options.concurrency)
        ]
        pulse = threading.Thread(target=self._guard, args=(self._pulse,), daemon=True)
        for thread in (*runners, pulse):
            thread.start()
        yield Step(f"worker {self._id} ({self.options.name}) runs up to {self.options.concurrency} jobs at once")
        while any(thread.is_alive() for thread in runners) and not self._abandoned.is_set():
            yield from self._news_of(0.1)
            yield Step("")  # for who looks at the clock
        self._ending.set()
        pulse.join(timeout=5)
        yield from self._news_of(0)
        try:
            with self._connect() as connection:
                db.run(connection, "jobs_leave", worker_id=self._id)
        except CannotConnect:
            pass  # its lease ends by itself
        if self._failure is not None:
            raise self._failure
        return self.tally

    # --- the threads ----------------------------------------------------------------------------------------

    def _guard(self, work: Callable[[], None]) -> None:
        """Connects again when the connection is lost; anything else ends the worker and is told by ``run``."""
        while True:
            try:
                work()
                return
            except (CannotConnect, Busy) as error:
                self._said.put(f"{error.message}; trying again")
                if self._ending.wait(1.0) and not self._held:
                    return
            except BaseException as error:
                self._failure = self._failure or error
                self._ending.set()
                return

    def _pulse(self) -> None:
        tick_at = 0.0
        with self._connect() as connection:
            db.listen(connection, CHANNEL)
            while not self._is_over():
                claims = [claim.claim_no for claim in list(self._held.values())]
                if not db.value(connection, "jobs_heartbeat", worker_id=self._id, claims=claims):
                    self._join(connection)
                every = self.options.tick_every
                if every is not None and time.monotonic() >= tick_at and not self._ending.is_set():
                    tick_at = time.monotonic() + every
                    db.fetch(connection, "jobs_submit", **_TICK, within=timedelta(seconds=every * 0.9))
                until = time.monotonic() + min(self.options.lease / 6, every or self.options.lease)
                while not self._is_over() and (rest := until - time.monotonic()) > 0:
                    if db.was_told(connection, min(rest, 0.5)):
                        with self._news:
                            self._heard += 1
                            self._news.notify_all()

    def _is_over(self) -> bool:
        return self._abandoned.is_set() or (self._ending.is_set() and not self._held)

    def _runner(self) -> None:
        me = threading.get_ident()
        with self._connect() as connection:
            while True:
                if (claim := self._held.get(me)) is None:
                    if self._ending.is_set():
                        return
                    heard = self._heard
                    found = db.fetch(connection, "jobs_claim", worker_id=self._id)[0]
                    if found.outcome != "ok":
                        if found.outcome == "EMPTY" and self.options.drain:
                            return
                        self._wait(heard, found.outcome)
                        continue
                    self._held[me] = claim = found
                started = time.monotonic()
                try:
                    ended = self._work_off(connection, claim)
                except CannotConnect:
                    if claim.handler_kind != "steps":
                        # nobody knows how far it got: after the lease the queue decides whether it begins again
                        self._held.pop(me, None)
                    raise
                self._held.pop(me, None)
                with self._news:
                    setattr(self.tally, ended, getattr(self.tally, ended) + 1)
                self._said.put(f"{claim.job_type} {claim.job_id} {ended}, {time.monotonic() - started:.3f} s")

    def _wait(self, heard: int, outcome: str) -> None:
        seconds = self.options.poll if outcome == "EMPTY" else min(self.options.poll, CAPACITY_LOOK_SECONDS)
        until = time.monotonic() + seconds
        with self._news:
            while heard == self._heard and not self._ending.is_set() and (rest := until - time.monotonic()) > 0:
                self._news.wait(min(rest, 0.2))

    # --- one job ----------------------------------------------------------------------------------------------

    def _work_off(self, connection: db.Connection, claim: Any) -> str:
        """Runs a job as far as it goes; gives the name of its count in ``Tally``."""
        if claim.handler_kind == "steps":
            return self._steps(connection, claim)
        try:
            if claim.handler_kind == "procedure":
                result = db.call_handler(connection, claim.handler, claim.job_id, claim.payload)
            else:
                result = self._outside(connection, claim)
        except CannotConnect:
            raise
        except Cancelled:
            return _ended(self._note(connection, "jobs_cancel_ack", claim), "cancelled")
        except Exception as error:
            said = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
            told = {"error": said, "traceback": traceback.format_exc()}
            return _ended(self._note(connection, "jobs_fail", claim, **told), "failed")
        return _ended(self._note(connection, "jobs_complete", claim, result=json.dumps(result)), "completed")

    def _steps(self, connection: db.Connection, claim: Any) -> str:
        tries = 0
        while True:
            try:
                outcome = str(db.value(connection, "jobs_run_step", job_id=claim.job_id, claim_no=claim.claim_no))
            except Busy as error:
                tries += 1
                if tries == TRIES:
                    told = {"error": error.message, "traceback": error.detail}
                    return _ended(self._note(connection, "jobs_fail", claim, **told), "failed")
                time.sleep(0.05 * 2**tries)
                continue
            except DatabaseRefused as error:
                if error.sqlstate == GONE:
                    return "lost"
                raise
            if outcome != "more":
                return outcome
            tries = 0
            if self._hurrying.is_set():
                self._note(connection, "jobs_give_back", claim)
                return "given_back"

    def _outside(self, connection: db.Connection, claim: Any) -> Any:
        """Calls a handler of another package: ``handler(payload, progress)`` gives the result."""
        (name,) = claim.handler
        found = list(entry_points(group=ENTRY_POINTS, name=name))
        if not found:
            raise LookupError(f"no package here has an entry point {name} of the group {ENTRY_POINTS}")

        def progress(percentage: float, message: str | None = None) -> None:
            told = self._note(connection, "jobs_progress", claim, progress=percentage, message=message)
            if told != "ok":
                raise Cancelled

        return found[0].load()(claim.payload, progress)

    def _note(self, connection: db.Connection, name: str, claim: Any, **values: Any) -> str:
        return str(db.value(connection, name, job_id=claim.job_id, claim_no=claim.claim_no, **values))

    # --- the rest -----------------------------------------------------------------------------------------------

    def _connect(self) -> db.Connection:
        settings = self._settings
        return db.connect(
            settings.dsn or "", timeout_seconds=settings.connect_timeout_seconds, application_name="tidemark worker"
        )

    def _join(self, connection: db.Connection) -> None:
        lease = timedelta(seconds=self.options.lease)
        self._id = db.value(
            connection, "jobs_join", name=self.options.name, concurrency=self.options.concurrency, lease=lease
        )

    def _news_of(self, seconds: float) -> Steps[None]:
        """What the threads said; waits so long for the first."""
        try:
            yield Step(self._said.get(timeout=seconds) if seconds else self._said.get_nowait())
            while True:
                yield Step(self._said.get_nowait())
        except queue.Empty:
            return


_TICK: dict[str, Any] = {"job_type": "tick", "payload": "{}", "once_key": "tick"}
_TICK |= dict.fromkeys(("priority", "ttl_seconds", "user_id", "job_id"))


def _ended(outcome: str, name: str) -> str:
    return name if outcome == "ok" else "lost"
