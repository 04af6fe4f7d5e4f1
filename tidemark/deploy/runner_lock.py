"""One runner a database: a lock that dies with its process and keeps nobody's CREATE INDEX CONCURRENTLY waiting."""

from __future__ import annotations

import time
from contextlib import suppress

from tidemark import db
from tidemark.config import Settings
from tidemark.deploy.blockers import in_words
from tidemark.errors import Busy, CannotConnect, ConfigProblem, DatabaseRefused
from tidemark.steps import Step, Steps

LOOK_SECONDS = 0.1
POOLER_LOOKS = 10


def acquire(connection: db.Connection, settings: Settings) -> Steps[None]:
    """Makes this session the one runner of the database. The lock ends with the session, however it dies.

    Tried again and again instead of waiting inside the server: a waiting statement holds a snapshot, and the other
    runner's CREATE INDEX CONCURRENTLY would wait for it in turn. Between two tries the session holds nothing.

    Errors: Busy, naming the other runner, after ``runner_wait_seconds``; ConfigProblem behind a pooler that gives
    one session to many.
    """
    _refuse_shared_sessions(connection, settings)
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

    Errors: DatabaseRefused when something between here and the server handed us another session.
    """
    if not db.value(connection, "holds_runner_lock"):
        raise DatabaseRefused(
            "the runner's lock belongs to another session now",
            detail="Something between here and the server gave this connection another session.",
            hint="Connect to the server directly, or through a pooler in session mode.",
            sqlstate="55000",
        )


def _refuse_shared_sessions(connection: db.Connection, settings: Settings) -> None:
    """Finds out whether a pooler hands our session to others between two statements (transaction mode).

    Behind a pooler the process number that libpq was told is not the server's. Then other connections ask for a
    session and keep it: one that gets ours proves that sessions are shared; one that gets a new session, although
    ours is doing nothing, proves that they are not.
    """
    own = db.value(connection, "session_pid")
    if own == connection.info.backend_pid:
        return
    others: list[db.Connection] = []
    try:
        for _ in range(POOLER_LOOKS):
            others.append(db.connect(settings.dsn or "", application_name="tidemark pooler check"))
            db.run(others[-1], "begin")
            theirs = db.fetch(others[-1], "session_age")[0]
            if theirs.pid == own:
                raise ConfigProblem(
                    "the connection goes through a pooler that shares sessions (transaction mode)",
                    detail="The runner's lock and its lock_timeout belong to a session, and this one is shared.",
                    hint="Give the deploy a direct connection to the server, or a pooler in session mode.",
                )
            if theirs.is_new:
                return
    finally:
        for other in others:
            other.close()
