"""Waiting for locks: never long in one go, always bounded, and always able to say who is in the way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from tidemark import db
from tidemark.config import Settings
from tidemark.errors import Busy, TidemarkError
from tidemark.steps import Step, Steps

T = TypeVar("T")


def acquire_runner_lock(connection: db.Connection, settings: Settings) -> Steps[None]:
    """Makes this session the one runner of the database. The lock ends with the session, however it dies.

    Tried again and again instead of waiting inside the server: a waiting statement holds a snapshot, and the other
    runner's CREATE INDEX CONCURRENTLY would wait for it in turn.

    Errors: Busy, naming the other runner, after ``runner_wait_seconds``.
    """
    started = time.monotonic()
    told = False
    while not db.value(connection, "try_runner_lock"):
        holders = [_in_words(row) for row in db.fetch(connection, "runner_lock_holder")]
        if time.monotonic() - started >= settings.runner_wait_seconds:
            raise Busy(
                "another runner is at work in this database",
                detail=f"Held by {'; '.join(holders)}." if holders else None,
                hint="Wait for it to finish and run the command again. The lock goes away with its process.",
                sqlstate="55P03",
            )
        if not told and holders:
            yield Step(f"waiting for another runner: {'; '.join(holders)}", is_warning=True)
            told = True
        time.sleep(0.2)


def release_runner_lock(connection: db.Connection) -> None:
    """Lets the next runner in. A broken connection has released it already."""
    if not connection.closed:
        db.value(connection, "release_runner_lock")


def set_lock_timeout(connection: db.Connection, seconds: float) -> None:
    """The longest wait of one statement for one lock."""
    db.value(connection, "set_lock_timeout", milliseconds=f"{max(1, round(seconds * 1000))}ms")


def retried(connection: db.Connection, settings: Settings, what: str, attempt: Callable[[], Steps[T]]) -> Steps[T]:
    """Runs ``attempt`` until no lock is in its way.

    ``attempt`` is a whole transaction: between two attempts nothing is held, so nobody queues behind us.

    Errors: Busy, naming who was in the way, when ``lock_budget_seconds`` are used up; any other error at once.
    """
    started = time.monotonic()
    pause = 0.25
    while True:
        with _watched(connection, settings) as watch:
            try:
                return (yield from attempt())
            except Busy as error:
                problem = error
        waited = time.monotonic() - started
        blockers = "; ".join(watch.blockers)
        if waited + pause > settings.lock_budget_seconds:
            raise Busy(
                f"{what} waits for a lock: {problem.message}",
                detail=f"In the way: {blockers}." if blockers else problem.detail,
                hint=f"Gave up after {waited:.0f} s; nothing is half done. Run it again when they have finished, or "
                "raise TIDEMARK_LOCK_BUDGET_SECONDS.",
                sqlstate=problem.sqlstate,
                where=problem.where,
            )
        by = f" by {blockers}" if blockers else ""
        yield Step(f"{what} is blocked{by}; trying again ({waited:.0f} s so far)", is_warning=True)
        # Jitter, so that two programs that collided do not meet again; growth, so that a long wait costs little.
        time.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, 5.0)


class _Watch:
    """Looks from a second connection at who blocks the first: afterwards it can no longer be told."""

    def __init__(self, dsn: str, pid: int) -> None:
        self.blockers: list[str] = []
        self._dsn = dsn
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="tidemark-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=5)

    def _look(self) -> None:
        if self._over.wait(0.3):
            return  # most attempts end before anybody needs to look
        try:
            with db.connect(self._dsn, application_name="tidemark watch") as connection:
                while True:
                    rows = db.fetch(connection, "blockers", pid=self._pid)
                    if rows:
                        self.blockers = [_in_words(row) for row in rows]
                    if self._over.wait(0.25):
                        return
        except TidemarkError:
            return  # the watch is a courtesy: without it the wait works, only unnamed


@contextmanager
def _watched(connection: db.Connection, settings: Settings) -> Iterator[_Watch]:
    watch = _Watch(settings.dsn or "", connection.info.backend_pid)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def _in_words(row: Any) -> str:
    query = " ".join((row.query or "").split())
    shown = f"{query[:77]}..." if len(query) > 80 else query
    program = row.application_name or "unnamed program"
    return f"pid {row.pid} ({row.role_name}, {program}, {row.age_seconds} s): {shown or 'no query shown'}"
