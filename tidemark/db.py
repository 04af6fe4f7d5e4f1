"""Connections, statements and errors: the only module that knows psycopg."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files as package_files
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row

from tidemark.errors import Busy, CannotConnect, ConfigProblem, DatabaseRefused, TidemarkError

Connection = psycopg.Connection[Any]
DriverError = psycopg.Error

OLDEST_SERVER = 150000
TRY_AGAIN = {"55P03", "40001", "40P01"}
MISSING_RIGHT = "42501"
# The server ended the session: an administrator, a shutdown, a crash of another process.
SESSION_ENDED = {"57P01", "57P02", "57P03", "57P05"}

# What a file means must not depend on settings of the login. Sent after connecting and not as startup options,
# which poolers refuse.
_SESSION = b"""
SET search_path = public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET client_min_messages = warning;
SET default_transaction_isolation = 'read committed';
"""


class Answer(NamedTuple):
    """One error of the server, in its own words."""

    sqlstate: str
    message: str
    detail: str | None
    hint: str | None
    context: str | None
    position: int | None  # character in the text that was sent, from 1


def connect(dsn: str, *, timeout_seconds: int = 10, check_version: bool = True, **overrides: Any) -> Connection:
    """A new connection in autocommit mode, with the runner's session settings.

    Errors: CannotConnect, which names host, port, database and user and never a password.
    """
    try:
        parameters: dict[str, Any] = {
            "connect_timeout": timeout_seconds,
            "application_name": "tidemark",
            **conninfo_to_dict(dsn),
            **overrides,
        }
        connection = psycopg.connect(
            make_conninfo("", **parameters), autocommit=True, prepare_threshold=None, row_factory=namedtuple_row
        )
        connection.execute(_SESSION)
    except psycopg.ProgrammingError as error:
        raise ConfigProblem(
            "the connection string is not valid",
            detail=_without_secrets(str(error), dsn),
            hint="Write it like postgresql://user@host:5432/database; keep the password in ~/.pgpass.",
        ) from None
    except psycopg.Error as error:
        raise _connection_problem(error, dsn) from None
    if check_version and server_version(connection) < OLDEST_SERVER:
        found = server_version(connection)
        connection.close()
        raise CannotConnect(
            f"the server runs PostgreSQL {found // 10000}, which is too old",
            detail="Tidemark needs PostgreSQL 15 or later.",
            hint="Upgrade the server, or leave --dsn out to use the embedded PostgreSQL.",
        )
    return connection


def server_version(connection: Connection) -> int:
    """The version as libpq gives it: 180001 is 18.1."""
    return connection.info.server_version


def target(dsn: str) -> str:
    """The server a connection string leads to, in words fit for a log: without password."""
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        return "the given server"
    database = f"database {parts['dbname']} " if parts.get("dbname") else ""
    user = f" as {parts['user']}" if parts.get("user") else ""
    port = f" port {parts['port']}" if parts.get("port") else ""
    return f"{database}on {parts.get('host') or parts.get('service') or 'the default host'}{port}{user}"


def reset_session(connection: Connection) -> None:
    """Takes back every SET of a file, its role included, so that the next file starts like the first."""
    if not connection.closed and is_idle(connection):
        with translated("settings of the session"):
            connection.execute(b"RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;" + _SESSION)


def is_idle(connection: Connection) -> bool:
    """True outside any transaction."""
    return bool(connection.info.transaction_status == TransactionStatus.IDLE)


# --- statements -------------------------------------------------------------------------------------------


@cache
def queries() -> dict[str, str]:
    """Every statement of ``queries/*.sql`` by its name.

    Text after ``-- name:`` up to the next name is one statement or several; parameters are written ``%(so)s``, and a
    percent sign of a statement with parameters is doubled.
    """
    found: dict[str, str] = {}
    for file in sorted(package_files("tidemark").joinpath("queries").iterdir(), key=lambda file: file.name):
        parts = re.split(r"^-- name: (\w+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found |= {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    return found


def fetch(connection: Connection, name: str, /, **parameters: Any) -> list[Any]:
    """The rows of a named query, each with its columns as attributes.

    Errors: DatabaseRefused, Busy.
    """
    with translated(f"query {name}"):
        return connection.execute(queries()[name].encode(), parameters or None).fetchall()


def value(connection: Connection, name: str, /, **parameters: Any) -> Any:
    """The first column of the first row of a named query; None without rows."""
    rows = fetch(connection, name, **parameters)
    return rows[0][0] if rows else None


def run(connection: Connection, name: str, /, **parameters: Any) -> int:
    """Runs a named statement, or several; returns the number of rows the last one touched.

    Errors: DatabaseRefused, Busy.
    """
    with translated(f"query {name}"):
        return connection.execute(queries()[name].encode(), parameters or None).rowcount


def value_with_identifiers(connection: Connection, name: str, **names: str) -> Any:
    """The first value of a named query whose ``{placeholders}`` are identifiers."""
    with translated(f"query {name}"):
        parts = {key: sql.Identifier(name) for key, name in names.items()}
        row = connection.execute(sql.SQL(queries()[name]).format(**parts)).fetchone()
    return row[0] if row else None


def call_with_identifiers(connection: Connection, name: str, *, password: str | None = None, **names: str) -> None:
    """Runs a named statement whose ``{placeholders}`` are identifiers, as ``CREATE ROLE`` takes no parameters.

    ``{role_text}`` is the same name as a text literal; ``password`` is sent as its scram verifier only, so that
    it never shows up in a log of the server.
    """
    parts: dict[str, sql.Composable] = {key: sql.Identifier(name) for key, name in names.items()}
    parts |= {f"{key}_text": sql.Literal(name) for key, name in names.items()}
    if password is not None:
        verifier = connection.pgconn.encrypt_password(password.encode(), names["role"].encode(), b"scram-sha-256")
        parts["password"] = sql.Literal(verifier.decode())
    with translated(f"query {name}"):
        connection.execute(sql.SQL(queries()[name]).format(**parts))


def send(connection: Connection, text: str, where: str) -> None:
    """Sends a text to the server exactly as it is, whatever number of statements it holds.

    Errors: DatabaseRefused or Busy, with file and line.
    """
    with translated(where, text):
        connection.execute(text.encode())


def send_single(connection: Connection, text: str, where: str) -> None:
    """Sends a text as exactly one statement: the server refuses a second one, whoever wrote the text.

    Errors: DatabaseRefused or Busy.
    """
    with translated(where, text):
        connection.execute(text.encode(), binary=True)  # this form of the protocol takes one statement only


def identifier(connection: Connection, name: str) -> str:
    """A name as it stands in SQL, quoted if it must be; for statements that are shown."""
    return sql.Identifier(name).as_string(connection) if not re.fullmatch(r"[a-z_][a-z0-9_]*", name) else name


def literal(connection: Connection, text: str | None) -> str:
    """A text as it stands in SQL; for statements that are shown."""
    return sql.Literal(text).as_string(connection)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A transaction, or a savepoint inside one; rolled back by any exception, Ctrl-C included."""
    with translated("transaction"), connection.transaction():
        yield


@contextmanager
def trial(connection: Connection) -> Iterator[None]:
    """A transaction of which nothing remains, however it ends."""
    with translated("trial"), connection.transaction(force_rollback=True):
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
def translated(where: str, text: str | None = None) -> Iterator[None]:
    """Turns the driver's errors into ours. ``text``: what was sent, to find the line of an error."""
    try:
        yield
    except psycopg.Error as error:
        raise translate(error, where, text) from error


# --- errors -----------------------------------------------------------------------------------------------


def answer(error: BaseException) -> Answer | None:
    """What the server said, if the error came from it."""
    if isinstance(error, TidemarkError):
        error = error.__cause__ or error
    if not isinstance(error, psycopg.Error) or error.sqlstate is None:
        return None
    diag = error.diag
    position = int(diag.statement_position) if diag.statement_position else None
    return Answer(
        error.sqlstate,
        diag.message_primary or str(error),
        diag.message_detail,
        diag.message_hint,
        diag.context,
        position,
    )


def translate(error: psycopg.Error, where: str, text: str | None = None) -> TidemarkError:
    """Our exception for an error of psycopg: the server's own words, and the place in the file."""
    said = answer(error)
    if said is None or said.sqlstate in SESSION_ENDED:
        return CannotConnect(
            "the connection to the server was lost",
            detail=str(error).strip() or None,
            hint="Look at the server's log, then run the command again: nothing is half done.",
            sqlstate=said.sqlstate if said else None,
            where=where,
        )
    kind: type[TidemarkError] = Busy if said.sqlstate in TRY_AGAIN else DatabaseRefused
    hint = said.hint
    if kind is Busy and hint is None:
        hint = "Run the command again."
    place = f"{where}, line {text.count(chr(10), 0, said.position - 1) + 1}" if text and said.position else where
    return kind(said.message, detail=said.detail or said.context, hint=hint, sqlstate=said.sqlstate, where=place)


def _connection_problem(error: psycopg.Error, dsn: str) -> CannotConnect:
    text = _without_secrets(str(error).strip(), dsn)
    hints = {
        "password authentication failed": "Check the user, and the password in ~/.pgpass or PGPASSWORD.",
        "no password supplied": "Put the password into ~/.pgpass or PGPASSWORD.",
        "no pg_hba.conf entry": "Ask for a line in the server's pg_hba.conf that lets this user in.",
        'database "': 'Create it first: createdb NAME, or psql -c "CREATE DATABASE name".',
        'role "': "Connect as an existing user, or create this one with createuser.",
        "permission denied for database": "Ask its owner for GRANT CONNECT ON DATABASE ... TO this user.",
        "could not translate host name": "Check the host name.",
        "timeout expired": "Check host, port and firewall; a longer wait: TIDEMARK_CONNECT_TIMEOUT_SECONDS.",
        "starting up": "The server is starting or recovering; run the command again in a moment.",
    }
    hint = next((hint for part, hint in hints.items() if part in text), None)
    return CannotConnect(
        f"cannot connect to {target(dsn)}",
        detail=text,
        hint=hint or "Check that the server runs and that --dsn, TIDEMARK_DSN or the PG* variables name it.",
        sqlstate=error.sqlstate,
    )


def _without_secrets(text: str, dsn: str) -> str:
    """The text with every password of the connection string masked."""
    secrets = set(re.findall(r"://[^/@:]*:([^@]+)@", dsn)) | set(re.findall(r"password\s*=\s*('[^']*'|\S+)", dsn))
    for secret in secrets:
        text = text.replace(secret.strip("'"), "***")
    return text
