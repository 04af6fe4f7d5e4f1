"""Who is in the way: seen from a second connection while a session waits; afterwards it can no longer be told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tidemark import db
from tidemark.errors import TidemarkError
from tidemark.steps import Step

FIRST_LOOK_SECONDS = 0.3  # most attempts end before anybody needs to look
LOOK_SECONDS = 0.05
TELL_AFTER_SECONDS = 2.5
TELL_AGAIN_SECONDS = 30.0
HIDDEN = "<insufficient privilege>"


class Watch:
    """Watches the waits of one session while it tries something, over and over.

    ``limit``: seconds that all waits of one attempt together may last; then, and when a session in its way waits for
    it in turn, the watch cancels the statement. None: a concurrent step, which keeps nobody waiting.
    """

    def __init__(self, dsn: str, pid: int, what: str, limit: float | None) -> None:
        self.blockers: list[str] = []  # those of the last wait that was seen
        self.gave_way = False  # in the last attempt
        self._dsn, self._pid, self._what, self._limit = dsn, pid, what, limit
        self._connection: db.Connection | None = None  # stays open between attempts: connecting may take a while
        self._tell_at = TELL_AFTER_SECONDS
        self._past = 0.0  # waits of this attempt that ended
        self._wait: tuple[Any, float] = (None, 0.0)  # when the present one began, and its age at the last look

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    @contextmanager
    def during(self, tell: Callable[[Step], None]) -> Iterator[None]:
        """Watches one attempt, the body; ``tell`` gets a warning now and then during a long wait."""
        self.gave_way, self._tell_at, self._past, self._wait = False, TELL_AFTER_SECONDS, 0.0, (None, 0.0)
        over, began = threading.Event(), time.monotonic()
        thread = threading.Thread(target=self._look, args=(tell, over, began), name="tidemark-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _look(self, tell: Callable[[Step], None], over: threading.Event, began: float) -> None:
        if self._connection is None and over.wait(min(FIRST_LOOK_SECONDS, (self._limit or 1.0) / 3)):
            return
        try:
            if self._connection is None:
                self._connection = db.connect(self._dsn, application_name="tidemark watch")
            is_first = True
            while not over.wait(LOOK_SECONDS):
                rows = self._blockers(self._connection)
                if is_first and rows:  # what went before was not seen, so it counts as a wait, up to this moment
                    self._past = max(0.0, time.monotonic() - began - float(rows[0].waited_seconds))
                is_first = False
                if rows and not over.is_set():
                    self._judge(self._connection, rows, tell)
        except TidemarkError:
            return  # without a connection the wait works all the same, only unnamed

    def _blockers(self, connection: db.Connection) -> list[Any]:
        """None while there is no wait: an apply is watched twenty times a second, so that question is a cheap one."""
        if not db.value(connection, "waits_for_a_lock", pid=self._pid):
            return []
        return db.fetch(connection, "blockers", pid=self._pid)

    def _judge(self, connection: db.Connection, rows: list[Any], tell: Callable[[Step], None]) -> None:
        self.blockers = [in_words(row) for row in rows]
        waited = self._waited(rows[0])
        if waited >= self._tell_at:
            tell(Step(f"{self._what} waits for {'; '.join(self.blockers)} ({waited:.0f} s so far)", is_warning=True))
            self._tell_at = waited + TELL_AGAIN_SECONDS
        would_deadlock = any(row.waits_for_us for row in rows)
        if self._limit is not None and (waited > self._limit or would_deadlock):
            self.gave_way = True
            db.run(connection, "cancel_statement", pid=self._pid)

    def _waited(self, row: Any) -> float:
        """Seconds that the attempt spent waiting so far: one timeout for each of ten locks would be ten timeouts."""
        began, age = self._wait
        if row.waits_since != began:
            self._past += age  # the wait before is over
        self._wait = (row.waits_since, float(row.waited_seconds))
        return self._past + self._wait[1]


def in_words(row: Any) -> str:
    """One blocker: a session with its number, role, program, age and query, or a prepared transaction."""
    age = "age not shown" if row.age_seconds is None else f"{row.age_seconds} s"
    if row.prepared_name is not None:
        return (
            f"prepared transaction {row.prepared_name!r} ({row.role_name}, {age}), which belongs to no session: "
            "COMMIT PREPARED or ROLLBACK PREPARED ends it"
        )
    program = row.application_name or "unnamed program"
    return f"pid {row.pid} ({row.role_name}, {program}, {age}): {_activity(row)}"


def _activity(row: Any) -> str:
    query = " ".join((row.query or "").split())
    if not query or query == HIDDEN:
        return "query not shown" + (", that needs the role pg_read_all_stats" if query == HIDDEN else "")
    shown = f"{query[:77]}..." if len(query) > 80 else query
    if (row.state or "").startswith("idle in transaction"):
        return f"idle in its open transaction for {row.idle_seconds} s, last query: {shown}"
    return shown
