"""Starts the refresh engine and tells what it did. Which view needs what is decided there (schema refresh)."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.config import Settings
from tidemark.errors import StateProblem
from tidemark.steps import Step, Steps


@dataclass(frozen=True)
class Tick:
    """What one tick did: views run, failed, found busy, and still older than they promise."""

    run_count: int
    failed_count: int
    busy_count: int
    late_count: int


def freshness(connection: db.Connection) -> list[Any]:
    """Every stored view with its age.

    Shape:  rows of refresh.freshness, the most urgent first; empty when nothing is stored.
    Units:  lag and target_lag are timedeltas; instants are aware.
    Errors: StateProblem when the engine is not there.
    Source: refresh.freshness (views/refresh/live/freshness.sql).
    """
    _require_engine(connection)
    return db.fetch(connection, "freshness")


def waiting(connection: db.Connection) -> list[Any]:
    """Stored views that a refresh would run now, by deadline.

    Shape:  rows with view_name, level, lag, target_lag, waits_for.
    Errors: StateProblem when the engine is not there.
    Source: refresh.work (views/refresh/live/work.sql).
    """
    _require_engine(connection)
    return db.fetch(connection, "refresh_work")


def run(
    connection: db.Connection, settings: Settings, views: list[str], *, full: bool = False, jobs: int = 1
) -> Steps[list[Any]]:
    """Refreshes the given views, or all that need it, each in a transaction of its own, sources first.

    Shape:  one row a view, as refresh.try_run() returns it; a failed one has mode ``failed`` and the error.
    Errors: StateProblem when the engine or a given view is not there.
    Source: refresh.try_run(), refresh.next_view() (functions/refresh/actions).
    """
    _require_engine(connection)
    db.run(connection, "notice_definitions")
    queue = _Given(connection, views, full) if views or full else _Due(connection)
    if jobs > 1:
        return (yield from _in_parallel(connection, settings, queue, full, jobs))
    rows: list[Any] = []
    while (view := queue.take([row.view_name for row in rows], [])) is not None:
        yield Step(f"refreshing {view}", len(rows), queue.total)
        rows.append(_try_run(connection, view, full))
    return rows


def tick(connection: db.Connection, max_seconds: float) -> Tick:
    """One round of everything that is due, for a scheduler; starts no further view after ``max_seconds``.

    Errors: StateProblem when the engine is not there.
    Source: refresh.tick() (functions/refresh/actions/tick.sql).
    """
    _require_engine(connection)
    row = db.fetch(connection, "tick", max_seconds=max_seconds)[0]
    return Tick(row.run_count, row.failed_count, row.busy_count, row.late_count)


def verify(connection: db.Connection, views: list[str]) -> Steps[list[Any]]:
    """Compares the given stored views, or all, with their live twins.

    Shape:  one row a view, as refresh.verify() returns it.
    Errors: StateProblem when the engine or a given view is not there.
    Source: refresh.verify() (functions/refresh/actions/verify.sql).
    """
    _require_engine(connection)
    names = _names(connection, views)
    rows: list[Any] = []
    for view in names:
        yield Step(f"verifying {view}", len(rows), len(names))
        rows += db.fetch(connection, "verify_view", view=view)
    return rows


def explain(connection: db.Connection, view: str) -> list[str]:
    """Why a stored view is as fresh as it is, in sentences.

    Errors: StateProblem when the engine or the view is not there.
    Source: refresh.explain() (functions/refresh/actions/explain.sql).
    """
    _require_engine(connection)
    return [row.sentence for row in db.fetch(connection, "explain_view", view=view)]


def mappings(connection: db.Connection, view: str) -> list[Any]:
    """How a change of each source becomes keys of a stored view, one row a source.

    Errors: StateProblem when the engine is not there.
    """
    _require_engine(connection)
    return db.fetch(connection, "mappings_of", view=view)


# --- which view next --------------------------------------------------------------------------------------


class _Due:
    """Whatever needs a run, in the order of the engine."""

    total: int | None = None

    def __init__(self, connection: db.Connection) -> None:
        self._connection = connection

    def take(self, done: list[str], running: list[str]) -> str | None:
        name: str | None = db.value(self._connection, "next_view", done=done, running=running)
        return name


class _Given:
    """The views that were asked for, sources first; one waits while a source of it runs."""

    def __init__(self, connection: db.Connection, views: list[str], full: bool) -> None:
        self._names = _names(connection, views)
        self._below = {row.view_name: set(row.below) for row in db.fetch(connection, "stored_sources")}
        self.total: int | None = len(self._names)

    def take(self, done: list[str], running: list[str]) -> str | None:
        ahead = set(self._names) - set(done)
        for name in self._names:
            if name in ahead and name not in running and not self._below.get(name, set()) & ahead:
                return name
        return None


def _names(connection: db.Connection, views: list[str]) -> list[str]:
    """The given names as the engine writes them, or all, sources first."""
    if not views:
        return [row.view_name for row in db.fetch(connection, "stored_views")]
    chosen = {db.value(connection, "registered_name", view=view) for view in views}
    return [row.view_name for row in db.fetch(connection, "stored_views") if row.view_name in chosen]


def _try_run(connection: db.Connection, view: str, full: bool) -> Any:
    if view not in {row.view_name for row in db.fetch(connection, "grouped_views")}:
        return db.fetch(connection, "try_run", view=view, full=full)[0]
    # views that switch together see one moment
    with db.at_one_moment(connection):
        return db.fetch(connection, "try_run", view=view, full=full)[0]


# --- several at once --------------------------------------------------------------------------------------


def _in_parallel(
    connection: db.Connection, settings: Settings, queue: _Due | _Given, full: bool, jobs: int
) -> Steps[list[Any]]:
    """Independent views in sessions of their own; ``connection`` only asks what is next."""
    own = threading.local()
    opened: list[db.Connection] = []

    def work(view: str) -> Any:
        if not hasattr(own, "connection"):
            own.connection = db.connect(
                settings.dsn or "", timeout_seconds=settings.connect_timeout_seconds, may_share=True
            )
            opened.append(own.connection)
        return _try_run(own.connection, view, full)

    grouped = {row.view_name for row in db.fetch(connection, "grouped_views")}
    rows: list[Any] = []
    running: dict[Future[Any], str] = {}
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="tidemark-refresh")
    try:
        while True:
            while len(running) < jobs and grouped.isdisjoint(running.values()):
                view = queue.take([row.view_name for row in rows], list(running.values()))
                # views that switch together run alone: they take along what they are built on
                if view is None or (running and view in grouped):
                    break
                yield Step(f"refreshing {view}", len(rows), queue.total)
                running[pool.submit(work, view)] = view
            if not running:
                return rows
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                del running[future]
                rows.append(future.result())
    finally:
        _stop(opened if running else [])
        pool.shutdown(wait=True, cancel_futures=True)
        for session in opened:
            session.close()


def _stop(connections: Iterable[db.Connection]) -> None:
    for connection in connections:
        connection.cancel()


def _require_engine(connection: db.Connection) -> None:
    if not db.value(connection, "has_engine"):
        raise StateProblem(
            "there is no refresh engine in this database",
            detail="The view refresh.freshness does not exist.",
            hint="Run tidemark apply first.",
        )
