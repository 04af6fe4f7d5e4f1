"""Plays histories on a scratch database and compares the stored rows with the live ones after each run."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tidemark import db
from tidemark.errors import Busy, DatabaseRefused
from tidemark.proof.tables import Subject

WRITERS = ("a", "b", "c")
RUN = "run"
CLOCK = "clock"
_PATIENCE_SECONDS = 5.0
_OF_DATA = ("22", "23", "P0")  # classes of errors that rows cause in a live view


@dataclass(frozen=True)
class Step:
    """``who``: a writer, with the statement as ``text``; RUN; or CLOCK, with the day as ``text``.

    ``held``: of a RUN, the view whose run waits between taking changes and recomputing keys, while ``meanwhile``
    happens.
    """

    who: str
    text: str = ""
    held: str = ""
    meanwhile: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What was found, in words."""

    view: str
    text: str


class Unreadable(Exception):
    """The live view itself raises an error for these rows, so nothing can be compared."""


class Refused(Exception):
    """A run that fails for another reason, as when two rows bear one key."""

    def __init__(self, view: str, error: DatabaseRefused) -> None:
        super().__init__(error.message)
        self.difference = Difference(view, f"the run fails: {error.message} ({error.sqlstate})")


@dataclass
class Stage:
    """The sessions of one scratch database. ``runs``: how many runs were by key, whole, or had nothing to do."""

    dsn: str
    database: str
    subject: Subject
    day: date
    runs: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.is_passed_over = False  # the last RUN left out a view that an open transaction keeps busy
        self._runner = self._session("5s")
        self._holder = self._session("5s", pause="on")
        self._gate = self._session("5s")
        self.writers = {name: self._session("30ms") for name in WRITERS}

    def _session(self, lock_timeout: str, pause: str = "off") -> db.Connection:
        connection = db.connect(self.dsn, dbname=self.database)
        db.fetch(connection, "proof_session", lock_timeout=lock_timeout, pause=pause)
        return connection

    def close(self) -> None:
        for connection in (self._runner, self._holder, self._gate, *self.writers.values()):
            connection.close()

    @property
    def runner(self) -> db.Connection:
        """A session in which nothing is open."""
        return self._runner

    def reset(self, rows: Sequence[str]) -> None:
        """Only these rows, the first day, everything recomputed."""
        for name in WRITERS:
            self._end(name, "ROLLBACK")
        self.play(Step(CLOCK, self.day.isoformat()))
        empty = db.value(self._runner, "proof_empty", tables=[table.name for table in self.subject.tables])
        db.send(self._runner, empty, "emptying")
        try:
            with db.transaction(self._runner):
                db.send(self._runner, ";\n".join(rows), "rows")
        except DatabaseRefused:  # some were left out, and others need them
            for row in rows:
                self._tried(self._runner, row)
        self.run()

    def play(self, step: Step) -> bool:
        """True when the step was taken; one that the database refuses leaves nothing."""
        if step.who == RUN:
            self.run(step)
        elif step.who == CLOCK:
            text = db.value(self._runner, "proof_clock", day=step.text)
            for connection in (self._runner, self._holder, *self.writers.values()):
                db.send(connection, text, "clock")
        elif step.text in ("BEGIN", "COMMIT", "ROLLBACK"):
            return self._end(step.who, step.text)
        else:
            return self._tried(self.writers[step.who], step.text)
        return True

    def is_open(self, name: str) -> bool:
        """True while a writer is in a transaction."""
        return not db.is_idle(self.writers[name])

    def _end(self, name: str, text: str) -> bool:
        if self.is_open(name) == (text == "BEGIN"):
            return False
        try:
            db.send(self.writers[name], text, text)
        except DatabaseRefused:  # a deferred constraint
            return False
        return True

    def _tried(self, connection: db.Connection, text: str) -> bool:
        try:
            with db.transaction(connection):
                db.send(connection, text, "history")
        except (DatabaseRefused, Busy):
            return False
        return True

    def run(self, step: Step | None = None) -> None:
        """Refreshes the views, sources first; one that an open transaction keeps busy is passed over."""
        self.is_passed_over = False
        for view in self.subject.views:
            if step and step.held == view:
                self._run_held(view, step.meanwhile)
            else:
                self._run(self._runner, view)

    def _run(self, connection: db.Connection, view: str) -> None:
        try:
            (done,) = db.fetch(connection, "proof_run", view=view)
        except DatabaseRefused as error:
            if (error.sqlstate or "").startswith(_OF_DATA):
                raise Unreadable(error.message) from error
            raise Refused(view, error) from error
        except Busy:  # a writer of a view with target lag 0 has not ended
            self.is_passed_over = True
            return
        self.runs[done.mode] = self.runs.get(done.mode, 0) + 1

    def _run_held(self, view: str, meanwhile: tuple[Step, ...]) -> None:
        db.value(self._gate, "proof_close_gate")
        errors: list[BaseException] = []

        def work() -> None:
            try:
                self._run(self._holder, view)
            except BaseException as error:  # told by the thread that waits for this one
                errors.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            end = time.monotonic() + _PATIENCE_SECONDS
            pid = self._holder.info.backend_pid
            while thread.is_alive() and time.monotonic() < end and not db.value(self._gate, "proof_waits", pid=pid):
                thread.join(0.002)
            for step in meanwhile:
                self.play(step)
        finally:
            db.value(self._gate, "proof_open_gate")
            thread.join()
        if errors:
            raise errors[0]
        self._run(self._runner, view)  # what happened meanwhile may be for the next run

    def compared(self, views: Sequence[str] = ()) -> Difference | None:
        """What the stored rows of the first view that differs differ in; without names, of the one asked for.

        Nothing while a view was passed over: it is told to be behind, and the next run is compared.
        """
        if self.is_passed_over:
            return None
        for view in views or self.subject.asked:
            try:
                (found,) = db.fetch(self._runner, "proof_differences", view=view)
            except DatabaseRefused as error:
                if (error.sqlstate or "").startswith(_OF_DATA):
                    raise Unreadable(error.message) from error
                raise Refused(view, error) from error
            if not found.is_equal:
                return Difference(view, _told(found))
        return None


def played(stage: Stage, rows: Sequence[str], steps: Sequence[Step]) -> Difference | None:
    """What a whole history leads to; the first difference ends it. One that cannot be read shows nothing."""
    try:
        stage.reset(rows)
        for step in steps:
            stage.play(step)
            if step.who == RUN and (found := stage.compared()):
                return found
    except Unreadable:
        return None
    except Refused as error:
        return error.difference
    return None


def _told(found: Any) -> str:
    counts = (
        (found.missing_count, "missing"),
        (found.surplus_count, "too many"),
        (found.differing_count, "with other values"),
    )
    return ", ".join(f"{count} rows {word}" for count, word in counts if count) + f"; {found.samples}"
