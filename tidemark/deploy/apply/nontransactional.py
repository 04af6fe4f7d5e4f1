"""Sends a file outside a transaction, statement by statement, so that it can be interrupted anywhere and run again.

An ordinary statement and the note that it is done are one transaction: it ran or it did not. A concurrent one commits
on its way, so it is announced before, and after an interruption the catalogue tells how far it came (``remains``).
What can run neither way (VACUUM, a procedure that commits) runs again from its start.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from tidemark import db
from tidemark.config import Settings
from tidemark.deploy.apply import interrupted
from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import Statement, ast
from tidemark.deploy.waiting import one_runner, retry
from tidemark.errors import Busy, DatabaseRefused, EditedMigration, TidemarkError
from tidemark.files import SqlFile
from tidemark.steps import Step, Steps

# The server says so of what no transaction can hold, or of a procedure that ends one.
NEEDS_NO_TRANSACTION = {"25001", "2D000"}


def run(connection: db.Connection, settings: Settings, file: SqlFile) -> Steps[None]:
    """Sends what did not run yet, each statement patiently. The caller holds the runner's lock.

    Errors: DatabaseRefused or Busy with file and line: what ran before is done and noted, the statement is not;
    EditedMigration when a statement that ran is not the one it was.
    """
    for number, statement in enumerate(parse.statements(file), start=1):
        if isinstance(statement.node, ast.VariableSetStmt):
            # A setting ends with the session, so an interrupted file needs it again.
            db.send(connection, statement.text, _place(file, number, statement))
            continue
        try:
            yield from retry.retried(
                connection,
                settings,
                f"{file.path}, statement {number}",
                partial(_attempt, connection, file, number, statement),
                timeout_seconds=retry.timeout_of(settings, file),
                # A half detached partition takes the strongest lock on itself, so it is not one to wait for long.
                is_concurrent=isinstance(
                    interrupted.of(statement), interrupted.Build | interrupted.Drop | interrupted.Reindex
                ),
            )
        except (Busy, DatabaseRefused) as error:
            _tidy_up(connection, settings, file, number, error)
            raise


def _attempt(connection: db.Connection, file: SqlFile, number: int, statement: Statement) -> Steps[None]:
    earlier = _earlier(connection, file, number)
    if earlier and earlier.is_finished:
        _refuse_edit(file, number, statement, earlier)
        return
    one_runner.check(connection)
    started = _started(file, earlier) if earlier else None
    if started and started.settle(connection, earlier.found_before):
        _refuse_edit(file, number, statement, earlier)
        yield Step(f"{file.path}, statement {number} on line {statement.line} was done before the interruption")
        db.run(connection, "statement_finished", path=file.path, statement_no=number)
        return
    for text in started.left if started else ():
        yield Step(f"{file.path}, statement {number}: {text}", is_warning=True)
    yield Step(f"{file.path}, statement {number} on line {statement.line}")
    concurrent = interrupted.of(statement)
    if concurrent is None:
        try:
            with db.transaction(connection):
                _start(connection, file, number, statement, [])
                db.send(connection, statement.text, _place(file, number, statement))
                retry.refuse_endless(connection, file)
                db.run(connection, "statement_finished", path=file.path, statement_no=number)
            return
        except DatabaseRefused as error:
            if error.sqlstate not in NEEDS_NO_TRANSACTION:
                raise
    _start(connection, file, number, statement, concurrent.marks(connection) if concurrent else [])
    try:
        db.send(connection, statement.text, _place(file, number, statement))
    except DatabaseRefused as error:
        if concurrent:
            concurrent.explain(error)
        raise
    if concurrent:
        concurrent.verify(connection)
    db.run(connection, "statement_finished", path=file.path, statement_no=number)


def _start(
    connection: db.Connection, file: SqlFile, number: int, statement: Statement, found_before: list[str]
) -> None:
    db.run(
        connection,
        "statement_started",
        path=file.path,
        statement_no=number,
        fingerprint=_fingerprint(statement),
        statement=statement.text,
        found_before=found_before,
    )


def _earlier(connection: db.Connection, file: SqlFile, number: int) -> Any:
    rows = db.fetch(connection, "statement_progress", path=file.path, statement_no=number)
    return rows[0] if rows else None


def _started(file: SqlFile, earlier: Any) -> interrupted.Concurrent | None:
    """The statement that was interrupted, by the text that was sent: the file may have been corrected since."""
    return interrupted.of(parse.statements(SqlFile(file.path, file.location, earlier.statement))[0])


def _tidy_up(
    connection: db.Connection, settings: Settings, file: SqlFile, number: int, error: Busy | DatabaseRefused
) -> None:
    """Removes at once what a failed statement left, if nobody is in the way: an invalid index slows writes."""
    if connection.closed or not db.is_idle(connection):
        return
    try:
        retry.set_lock_timeout(connection, retry.timeout_of(settings, file))
        earlier = _earlier(connection, file, number)
        if earlier and not earlier.is_finished:
            started = _started(file, earlier)
            if started and started.leaves_waste:
                started.settle(connection, earlier.found_before)
    except TidemarkError:
        error.hint = f"{error.hint or ''} An unfinished index may be left; the next run removes it.".strip()


def _refuse_edit(file: SqlFile, number: int, statement: Statement, earlier: Any) -> None:
    if earlier.fingerprint != _fingerprint(statement):
        raise EditedMigration(
            f"{file.path} was edited above the statement at which it stopped",
            detail=f"Statement {number} on line {statement.line} ran with another text.",
            hint="Put the old text back; only the statements that did not run yet may change.",
        )


def _fingerprint(statement: Statement) -> str:
    return hashlib.sha256(statement.text.encode()).hexdigest()


def _place(file: SqlFile, number: int, statement: Statement) -> str:
    return f"{file.path}, statement {number} (line {statement.line})"
