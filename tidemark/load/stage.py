"""Brings the records of a file into its staging table, in committed steps, so that an interrupted load goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from tidemark import db
from tidemark.errors import DatabaseRefused
from tidemark.load.chunks import Chunk, Splitter
from tidemark.load.dialect import FileFailure, Rules
from tidemark.load.source import Source
from tidemark.steps import Step, Steps

# Chunks per transaction: few enough to lose little, enough that commits cost nothing.
CHUNKS_PER_COMMIT = 4
# What a server answers when a line has too few or too many cells for its table.
WRONG_CELL_COUNT = "22P04"
ROW_TOO_BIG = "54000"


def rules_of(connection: db.Connection, upload_id: int) -> Rules:
    """How the file of an upload is to be read."""
    found = db.fetch(connection, "load_reading_rules", upload_id=upload_id)
    return Rules(**found[0]._asdict()) if found else Rules()


def stage(connection: db.Connection, upload_id: int, source: Source, begun: Splitter | None = None) -> Steps[None]:
    """Stages all of a file, or what an earlier run left of it.

    ``begun``: the file read up to where the earlier run came, see ``behind_staged``.
    Errors: FileFailure when the file cannot be read as CSV; DatabaseRefused, CannotConnect.
    """
    started = time.monotonic()
    splitter = begun
    if splitter is None:
        rules = rules_of(connection, upload_id)
        source.cap(rules.max_bytes)
        splitter = Splitter(source.read, rules)
        splitter.settle(lambda names: db.value(connection, "load_header_fits", upload_id=upload_id, header=names))
        header = splitter.read_header()
        if header is not None:
            db.run(connection, "load_begin_staging", upload_id=upload_id, header=header)
        _note_reading(connection, upload_id, splitter)
    copier = _Copier(connection, upload_id, splitter)
    first_row = splitter.row_count
    if splitter.header is not None:
        chunks = _timed(splitter.chunks(), copier)
        # The next chunks are made while the server takes these.
        with ThreadPoolExecutor(1) as maker:
            coming = maker.submit(_group, chunks)
            while group := coming.result():
                coming = maker.submit(_group, chunks)
                copier.send(group)
                row_count = group[-1][1]
                yield _progress(source, row_count - first_row, row_count, time.monotonic() - started)
    _note_reading(connection, upload_id, splitter)
    copier.note(is_all=True)
    copier.note_phases()


def _note_reading(connection: db.Connection, upload_id: int, splitter: Splitter) -> None:
    """Keeps with the upload how its file is read; plain CSV says nothing."""
    reading = splitter.reading()
    if reading:
        db.run(connection, "load_note_reading", upload_id=upload_id, reading=json.dumps(reading))


def _group(chunks: Iterator[tuple[Chunk, int, int, bytes]]) -> list[tuple[Chunk, int, int, bytes]]:
    """The chunks of one transaction; none at the end."""
    return list(islice(chunks, CHUNKS_PER_COMMIT))


def behind_staged(connection: db.Connection, source: Source, upload: Any) -> Splitter | None:
    """Reads a file up to where an interrupted upload came; None when it is another file.

    ``upload``: the row of the upload.
    """
    rules = rules_of(connection, upload.upload_id)
    try:
        source.cap(rules.max_bytes)
        splitter = Splitter(source.read, rules)
        splitter.skip(upload.staged_bytes, upload.staged_rows, upload.header, upload.reading.get("delimiter") or ",")
    except FileFailure:
        return None
    is_same = splitter.position == upload.staged_bytes and splitter.digest == bytes(upload.staged_digest)
    return splitter if is_same and (upload.load_status == "staging" or splitter.is_at_end()) else None


class _Copier:
    """Sends chunks; a group of them and the note of how far it goes is one transaction."""

    def __init__(self, connection: db.Connection, upload_id: int, splitter: Splitter) -> None:
        self.parse_seconds = 0.0
        self.copy_seconds = 0.0
        self._connection = connection
        self._upload_id = upload_id
        self._splitter = splitter
        self._next_number: int | None = None  # of the sequence that numbers plain chunks; None: not known
        self._statements = {
            form: db.value(
                connection, "load_copy_statement", upload_id=upload_id, columns=len(splitter.header or ()), form=form
            )
            for form in ("plain", "csv", "text")
        }

    def send(self, group: list[tuple[Chunk, int, int, bytes]]) -> None:
        """Copies chunks, each with the number of rows, bytes and the digest up to its end."""
        started = time.monotonic()
        with db.transaction(self._connection):
            for chunk, row_count, _, _ in group:
                self._send_one(chunk, row_count - chunk.row_count + 1)
            _, row_count, size, digest = group[-1]
            self._note(row_count, size, digest, is_all=False)
        self.copy_seconds += time.monotonic() - started

    def note(self, *, is_all: bool) -> None:
        self._note(self._splitter.row_count, self._splitter.position, self._splitter.digest, is_all=is_all)

    def note_phases(self) -> None:
        for phase, seconds in (("parse", self.parse_seconds), ("stage", self.copy_seconds)):
            db.run(
                self._connection,
                "load_note_phase",
                upload_id=self._upload_id,
                phase=phase,
                milliseconds=seconds * 1000,
                rows=self._splitter.row_count,
            )

    def _note(self, row_count: int, size: int, digest: bytes, *, is_all: bool) -> None:
        db.run(
            self._connection,
            "load_note_staged",
            upload_id=self._upload_id,
            bytes=size,
            rows=row_count,
            digest=digest,
            is_all=is_all,
        )

    def _send_one(self, chunk: Chunk, first: int) -> None:
        if chunk.form != "plain":
            self._copy(chunk)
            return
        if self._next_number != first:
            db.run(self._connection, "load_number_from", upload_id=self._upload_id, number=first)
        self._next_number = None
        try:
            with db.transaction(self._connection):
                self._copy(chunk)
        except DatabaseRefused as error:
            if error.sqlstate != WRONG_CELL_COUNT:
                raise
            # a short and a long line that make up for each other
            self._copy(self._splitter.rewritten(chunk, first))
        else:
            self._next_number = first + chunk.row_count

    def _copy(self, chunk: Chunk) -> None:
        try:
            with db.translated("a chunk of records"), self._connection.cursor() as cursor:
                with cursor.copy(self._statements[chunk.form].encode()) as copy:
                    copy.write(chunk.data)
                if cursor.rowcount != chunk.row_count:
                    raise AssertionError(f"{chunk.row_count} records were sent, {cursor.rowcount} came in")
        except DatabaseRefused as error:
            if error.sqlstate != ROW_TOO_BIG:
                raise
            raise FileFailure("record_too_wide", "A record has more filled cells than fit into one row.") from error


def _timed(chunks: Iterator[Chunk], copier: _Copier) -> Iterator[tuple[Chunk, int, int, bytes]]:
    """Chunks with the position behind each; the time to make them is noted."""
    splitter = copier._splitter
    while True:
        started = time.monotonic()
        chunk = next(chunks, None)
        copier.parse_seconds += time.monotonic() - started
        if chunk is None:
            return
        yield chunk, splitter.row_count, splitter.position, splitter.digest


def _progress(source: Source, rows: int, all_rows: int, seconds: float) -> Step:
    rate = rows / max(seconds, 0.001)
    text = f"{source.name}: {all_rows:,} rows, {rate:,.0f} a second"
    if source.size and source.done < source.size:
        left = seconds * (source.size - source.done) / max(source.done, 1)
        text += f", {left:,.0f} s left"
    return Step(text, source.done, source.size)
