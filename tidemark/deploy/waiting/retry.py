"""Waiting for locks: never without a limit, always from outside a transaction, and able to say who is in the way."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TypeVar

from tidemark import db
from tidemark.config import Settings
from tidemark.deploy.waiting.blockers import Watch
from tidemark.errors import Busy, CannotConnect, DatabaseRefused
from tidemark.files import SqlFile
from tidemark.steps import Step, Steps

T = TypeVar("T")

CANCELED = "57014"
LOOK_AGAIN_SECONDS = 0.2


def limit_session(connection: db.Connection, settings: Settings) -> None:
    """Puts every later statement of the session under ``lock_timeout``, and ties the session to this process."""
    set_lock_timeout(connection, settings.lock_timeout_override_seconds or settings.lock_timeout_seconds)
    db.run(connection, "end_with_the_client")
    with suppress(DatabaseRefused):  # a server on Windows cannot; there the session ends with its statement
        db.run(connection, "look_for_the_client")


def reset_session(connection: db.Connection, settings: Settings) -> None:
    """Takes back every SET of a file, but not the limits."""
    with suppress(CannotConnect):  # it is gone, and its settings with it
        db.reset_session(connection)
        if db.is_idle(connection):
            limit_session(connection, settings)


def set_lock_timeout(connection: db.Connection, seconds: float) -> None:
    """The longest wait of one statement for one lock."""
    db.value(connection, "set_lock_timeout", milliseconds=f"{max(1, round(seconds * 1000))}ms")


def timeout_of(settings: Settings, file: SqlFile) -> float:
    """Seconds that a statement of the file may wait: the command line decides, then the file, then the settings.

    Errors: FileProblem when its header asks for nonsense.
    """
    asked = file.lock_timeout_seconds
    return settings.lock_timeout_override_seconds or asked or settings.lock_timeout_seconds


def refuse_endless(connection: db.Connection, file: SqlFile) -> None:
    """Checks, after a file was sent and before it is committed, that it left the timeout on.

    The parser has looked at its SET statements; this looks for what it cannot see, such as a DO block.

    Errors: DatabaseRefused.
    """
    if db.value(connection, "has_lock_timeout"):
        return
    raise DatabaseRefused(
        f"{file.path} switches lock_timeout off",
        detail="One of its statements called set_config() or ran SET by itself.",
        hint="Remove that; a longer wait is asked for in the header, with a line such as -- lock_timeout: 10s.",
        sqlstate="22023",
        where=file.path,
    )


def retried(
    connection: db.Connection,
    settings: Settings,
    what: str,
    attempt: Callable[[], Steps[T]],
    *,
    timeout_seconds: float | None = None,
    is_concurrent: bool = False,
) -> Steps[T]:
    """Runs ``attempt`` until no lock is in its way.

    ``attempt`` is a whole transaction: between two attempts nothing is held, so nobody queues behind us. Its waits
    together are kept below the timeout, and where it would end in a deadlock it gives way before anybody is hurt.
    ``is_concurrent``: nobody waits for this one, while giving up throws its work away, so it may wait for as long
    as the budget in one go.

    Errors: Busy, naming who was in the way, when ``lock_budget_seconds`` are used up; any other error at once.
    """
    polite = timeout_seconds or settings.lock_timeout_override_seconds or settings.lock_timeout_seconds
    timeout = max(polite, settings.lock_budget_seconds) if is_concurrent else polite
    pid = db.value(connection, "session_pid")  # not what libpq knows: a pooler tells it a number of its own
    watch = Watch(settings.dsn or "", pid, what, None if is_concurrent else timeout)
    with closing(watch):
        return (yield from _tried(connection, settings, what, attempt, timeout, watch))


def _tried(
    connection: db.Connection,
    settings: Settings,
    what: str,
    attempt: Callable[[], Steps[T]],
    timeout: float,
    watch: Watch,
) -> Steps[T]:
    refused_at: float | None = None
    pause = 0.25
    while True:
        set_lock_timeout(connection, timeout)
        began = time.monotonic()
        try:
            return (yield from _driven(connection, watch, attempt))
        except Busy as error:
            problem: Busy | DatabaseRefused = error
        except DatabaseRefused as error:
            if not (watch.gave_way and error.sqlstate == CANCELED):
                raise
            problem = error
        if refused_at is None:  # the work before the first refusal is not a wait
            refused_at = max(began, time.monotonic() - timeout)
        waited = time.monotonic() - refused_at
        blockers = "; ".join(watch.blockers)
        if waited + pause > settings.lock_budget_seconds:
            raise Busy(
                f"{what} waits for a lock: {problem.message}",
                detail=f"In the way: {blockers}." if blockers else problem.detail,
                hint=f"Gave up after {waited:.0f} s; nothing is half done. Run it again when they have finished, or "
                "wait longer with --lock-budget.",
                sqlstate="55P03" if watch.gave_way else problem.sqlstate,
                where=problem.where,
            )
        by = f" by {blockers}" if blockers else ""
        yield Step(f"{what} is blocked{by}; trying again ({waited:.0f} s so far)", is_warning=True)
        # Jitter, so that two programs that collided do not meet again; growth, so that a long wait costs little.
        time.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, 5.0)


def plainly(work: Callable[[], T]) -> Steps[T]:
    """Work that tells no steps, as an attempt."""
    yield from ()
    return work()


def _driven(connection: db.Connection, watch: Watch, attempt: Callable[[], Steps[T]]) -> Steps[T]:
    """Runs the attempt in a thread, so that its steps and what the watch sees are told while a statement waits."""
    told: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
    results: list[T] = []
    problems: list[BaseException] = []
    abandoned = threading.Event()

    def work() -> None:
        steps = attempt()
        try:
            while not abandoned.is_set():
                told.put(next(steps))
            steps.close()
        except StopIteration as end:
            results.append(end.value)
        except BaseException as error:
            problems.append(error)
        finally:
            told.put(None)

    worker = threading.Thread(target=work, name="tidemark-attempt", daemon=True)
    with watch.during(told.put):
        worker.start()
        try:
            while (step := told.get()) is not None:
                yield step
        except BaseException:  # Ctrl-C, or nobody wants the rest
            abandoned.set()
            while worker.is_alive():
                db.cancel(connection)
                worker.join(LOOK_AGAIN_SECONDS)
            raise
        worker.join()
    if problems:
        raise problems[0]
    return results[0]
