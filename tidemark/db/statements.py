"""Statements and transactions: what is sent to a connection, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tidemark.db.errors import translated
from tidemark.db.session import Connection, is_idle, pin_transaction
from tidemark.db.texts import queries

_CALL = re.compile(r"(\s*--[^\n]*\n)*\s*CALL\b", re.IGNORECASE)


def fetch(connection: Connection, name: str, /, **parameters: Any) -> list[Any]:
    """The rows of a named query, each with its columns as attributes.

    Errors: DatabaseRefused, Busy.
    """
    with translated(f"query {name}", connection=connection), _pinned(connection, name):
        return connection.execute(queries()[name].encode(), parameters or None).fetchall()


def value(connection: Connection, name: str, /, **parameters: Any) -> Any:
    """The first column of the first row of a named query; None without rows."""
    rows = fetch(connection, name, **parameters)
    return rows[0][0] if rows else None


def run(connection: Connection, name: str, /, **parameters: Any) -> int:
    """Runs a named statement, or several; returns the number of rows the last one touched.

    Errors: DatabaseRefused, Busy.
    """
    with translated(f"query {name}", connection=connection), _pinned(connection, name):
        return connection.execute(queries()[name].encode(), parameters or None).rowcount


def value_with_identifiers(connection: Connection, name: str, **names: str) -> Any:
    """The first value of a named query whose ``{placeholders}`` are identifiers."""
    with translated(f"query {name}", connection=connection):
        parts = {key: sql.Identifier(name) for key, name in names.items()}
        row = connection.execute(sql.SQL(queries()[name]).format(**parts)).fetchone()
    return row[0] if row else None


def call_with_identifiers(
    connection: Connection,
    name: str,
    *,
    password: str | None = None,
    literals: Mapping[str, str | None] | None = None,
    **names: str,
) -> None:
    """Runs a named statement whose ``{placeholders}`` are identifiers, as ``CREATE ROLE`` takes no parameters.

    ``{role_text}`` is the same name as a text literal; ``literals`` are texts of their own; ``password`` is sent as
    its scram verifier only, so that it never shows up in a log of the server.
    """
    parts = _identifiers(names)
    parts |= {key: sql.Literal(text) for key, text in (literals or {}).items()}
    if password is not None:
        verifier = connection.pgconn.encrypt_password(password.encode(), names["role"].encode(), b"scram-sha-256")
        parts["password"] = sql.Literal(verifier.decode())
    with translated(f"query {name}", connection=connection):
        connection.execute(sql.SQL(queries()[name]).format(**parts))


def text_with_identifiers(name: str, **names: str) -> str:
    """The text of such a statement, for somebody else to run."""
    return sql.SQL(queries()[name]).format(**_identifiers(names)).as_string(None)


def _identifiers(names: Mapping[str, str]) -> dict[str, sql.Composable]:
    parts: dict[str, sql.Composable] = {key: sql.Identifier(name) for key, name in names.items()}
    return parts | {f"{key}_text": sql.Literal(name) for key, name in names.items()}


def send(connection: Connection, text: str, where: str) -> None:
    """Sends a text to the server exactly as it is, whatever number of statements it holds.

    Errors: DatabaseRefused or Busy, with file and line.
    """
    with translated(where, text, connection):
        connection.execute(text.encode())


def send_single(connection: Connection, text: str, where: str) -> None:
    """Sends a text as exactly one statement: the server refuses a second one, whoever wrote the text.

    Errors: DatabaseRefused or Busy.
    """
    with translated(where, text, connection):
        connection.execute(text.encode(), binary=True)  # this form of the protocol takes one statement only


def literal(connection: Connection, text: str | None) -> str:
    """A text as it stands in SQL; for statements that are shown."""
    return sql.Literal(text).as_string(connection)


def value_with_names(connection: Connection, name: str, **names: tuple[str, ...] | list[tuple[str, ...]]) -> Any:
    """The first value of a named query whose ``{placeholders}`` are names (schema, name) or lists of them."""
    with translated(f"query {name}"):
        parts: dict[str, sql.Composable] = {
            key: sql.SQL(", ").join(sql.Identifier(*one) for one in value)
            if isinstance(value, list)
            else sql.Identifier(*value)
            for key, value in names.items()
        }
        row = connection.execute(sql.SQL(queries()[name]).format(**parts)).fetchone()
    return row[0] if row else None


def written(name: str, /, verbatim: dict[str, str] | None = None, **values: Any) -> str:
    """A named query with its ``{placeholders}`` written as literals; ``verbatim``: as they are. For scripts."""
    parts: dict[str, sql.Composable] = {key: sql.Literal(value) for key, value in values.items()}
    parts |= {key: sql.SQL(text) for key, text in (verbatim or {}).items()}
    return sql.SQL(queries()[name]).format(**parts).as_string(None)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A transaction, or a savepoint inside one; rolled back by any exception, Ctrl-C included."""
    with translated("transaction", connection=connection):
        is_outermost = getattr(connection, "is_shared", False) and is_idle(connection)
        with connection.transaction():
            if is_outermost:
                pin_transaction(connection)
            yield


@contextmanager
def trial(connection: Connection) -> Iterator[None]:
    """A transaction of which nothing remains, however it ends."""
    with translated("trial", connection=connection), connection.transaction(force_rollback=True):
        yield


def cancel(connection: Connection) -> None:
    """Ends the statement that another thread waits for on this connection, if there is one."""
    try:
        connection.cancel_safe(timeout=5)
    except psycopg.Error:
        return  # the connection is gone, and its statement with it


@contextmanager
def reading(connection: Connection) -> Iterator[None]:
    """A transaction that can change nothing, sees one state of the database, and waits for no lock for long."""
    with transaction(connection):
        connection.execute(b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(b"SET LOCAL lock_timeout = '2s'")
        yield


@contextmanager
def at_one_moment(connection: Connection) -> Iterator[None]:
    """A transaction that sees one state of the database and may change it; 40001 where another was faster."""
    # with BEGIN itself: what pins a shared session would come before a SET
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    try:
        with transaction(connection):
            yield
    finally:
        connection.isolation_level = None


@contextmanager
def _pinned(connection: Connection, name: str) -> Iterator[None]:
    """Where the session is somebody else's a moment later, a statement gets its settings from its own transaction.

    A procedure that commits cannot run in one: it has to pin what it needs by itself.
    """
    if not getattr(connection, "is_shared", False) or not is_idle(connection) or _CALL.match(queries()[name]):
        yield
        return
    with connection.transaction():
        pin_transaction(connection)
        yield


def call_handler(connection: Connection, name: list[str], job_id: Any, payload: Any) -> Any:
    """Calls a procedure that does a job outside a transaction; gives its result.

    Errors: DatabaseRefused, Busy.
    """
    where = ".".join(name)
    with translated(f"procedure {where}", connection=connection):
        call = sql.SQL("CALL {}(%s::uuid, %s::jsonb, NULL)").format(sql.Identifier(*name))
        row = connection.execute(call, [job_id, Jsonb(payload)]).fetchone()
    return row[0] if row else None
