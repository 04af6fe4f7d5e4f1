"""One runner a database: a lock that dies with its process and keeps nobody's CREATE INDEX CONCURRENTLY waiting."""

from __future__ import annotations

import time
from contextlib import suppress

from tidemark import db
from tidemark.config import Settings
from tidemark.deploy.waiting.blockers import in_words
from tidemark.errors import Busy, CannotConnect, StateProblem
from tidemark.steps import Step, Steps

LOOK_SECONDS = 0.1


def acquire(connection: db.Connection, settings: Settings) -> Steps[None]:
    """Makes this session the one runner of the database. The lock ends with the session, however it dies.

    Tried again and again instead of waiting inside the server: a waiting statement holds a snapshot, and the other
    runner's CREATE INDEX CONCURRENTLY would wait for it in turn. Between two tries the session holds nothing.

    Errors: Busy, naming the other runner, after ``runner_wait_seconds``; DatabaseRefused where nothing
    can be written.
    """
    db.refuse_read_only(connection)
    started = time.monotonic()
    told = False
    while not db.value(connection, "try_runner_lock"):
        holders = [in_words(row) for row in db.fetch(connection, "runner_lock_holder")]
        waited = time.monotonic() - started
        if waited >= settings.runner_wait_seconds:
            raise Busy(
                "another runner is at work in this database",
                detail=f"Held by {'; '.join(holders)}." if holders else None,
                hint="Run the command again when it has finished. Its lock goes away with its process.",
                sqlstate="55P03",
            )
        if not told and holders:
            yield Step(f"waiting for another runner: {'; '.join(holders)}", is_warning=True)
            told = True
        time.sleep(LOOK_SECONDS)


def release(connection: db.Connection) -> None:
    """Lets the next runner in. A broken connection has released it already."""
    with suppress(CannotConnect):
        db.value(connection, "release_runner_lock")


def check(connection: db.Connection) -> None:
    """Checks, in the transaction that is about to do something, that this session still is the runner.

    Errors: StateProblem when something between here and the server handed us another session.
    """
    if not db.value(connection, "holds_runner_lock"):
        raise StateProblem(
            "the runner's lock belongs to another session now",
            detail="Something between here and the server gave this connection another session.",
            hint="Connect to the server directly, or through a pooler in session mode.",
        )
