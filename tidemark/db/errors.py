"""The driver's errors turned into ours. What helps is told by SQLSTATE, not by text, which may be in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tidemark.db.limits import Limits, limits_of
from tidemark.errors import Busy, CannotConnect, DatabaseRefused, TidemarkError

TRY_AGAIN = {"55P03", "40001", "40P01"}
MISSING_RIGHT = "42501"
READ_ONLY = "25006"
READ_ONLY_SETTING = "default_transaction_read_only"
CANCELED = "57014"
# The server ended the session because of a timeout; the setting behind each.
TIMED_OUT = {
    "25P03": "idle_in_transaction_session_timeout",
    "25P04": "transaction_timeout",
    "57P05": "idle_session_timeout",
}
# The server ended the session: an administrator, a shutdown, a crash of another process.
SESSION_ENDED = {"57P01", "57P02", "57P03"}


class Answer(NamedTuple):
    """One error of the server, in its own words."""

    sqlstate: str
    message: str
    detail: str | None
    hint: str | None
    context: str | None
    position: int | None  # character in the text that was sent, from 1


@contextmanager
def translated(
    where: str, text: str | None = None, connection: psycopg.Connection[object] | None = None
) -> Iterator[None]:
    """Turns the driver's errors into ours.

    ``text``: what was sent, to find the line of an error. ``connection``: to name the setting behind a timeout.
    """
    try:
        yield
    except psycopg.Error as error:
        raise translate(error, where, text, limits_of(connection)) from error


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


def translate(
    error: psycopg.Error, where: str, text: str | None = None, limits: Limits | None = None
) -> TidemarkError:
    """Our exception for an error of psycopg: the server's own words, and the place in the file."""
    limits = limits or Limits()
    said = answer(error)
    if said is not None and said.sqlstate in TIMED_OUT:
        setting = TIMED_OUT[said.sqlstate]
        return DatabaseRefused(
            f"the server ended the session: {setting} is {limits.value(setting)}",
            detail=f"{said.message}. {limits.origin(setting)}",
            hint=limits.remedy(setting),
            sqlstate=said.sqlstate,
            where=where,
        )
    if said is None or said.sqlstate in SESSION_ENDED:
        return CannotConnect(
            "the connection to the server was lost",
            detail=str(error).strip() or None,
            hint="Look at the server's log, then run the command again: nothing is half done.",
            sqlstate=said.sqlstate if said else None,
            where=where,
        )
    if said.sqlstate == READ_ONLY:
        return _read_only(where, limits)
    place = f"{where}, line {text.count(chr(10), 0, said.position - 1) + 1}" if text and said.position else where
    if said.sqlstate == CANCELED and limits.is_set("statement_timeout"):
        setting = "statement_timeout"
        return DatabaseRefused(
            said.message,
            detail=f"{setting} is {limits.value(setting)}. {limits.origin(setting)}",
            hint=f"If nobody cancelled the statement: {limits.remedy(setting)}",
            sqlstate=said.sqlstate,
            where=place,
        )
    kind: type[TidemarkError] = Busy if said.sqlstate in TRY_AGAIN else DatabaseRefused
    hint = said.hint
    if kind is Busy and hint is None:
        hint = "Run the command again."
    return kind(said.message, detail=said.detail or said.context, hint=hint, sqlstate=said.sqlstate, where=place)


def refuse_read_only(connection: psycopg.Connection[Any]) -> None:
    """Checks before the first of many steps that the session may write at all.

    Errors: DatabaseRefused, as the first statement that writes would get it.
    """
    limits = limits_of(connection)
    if limits is not None and (limits.is_standby or limits.value(READ_ONLY_SETTING) == "on"):
        raise _read_only(None, limits)


def _read_only(where: str | None, limits: Limits) -> TidemarkError:
    detail = None
    if limits.is_standby:
        message, hint = "this server is a standby, which can only be read", "Connect to the primary."
    elif limits.value(READ_ONLY_SETTING) == "on":
        message, hint = f"this login may only read: {READ_ONLY_SETTING} is on", limits.remedy(READ_ONLY_SETTING)
        detail = limits.origin(READ_ONLY_SETTING)
    else:
        message, hint = "this transaction may only read", "Take SET TRANSACTION READ ONLY out of the file."
    return DatabaseRefused(message, detail=detail, hint=hint, sqlstate=READ_ONLY, where=where)


def connection_problem(error: psycopg.Error, dsn: str) -> CannotConnect:
    """That there is no connection, in the server's words."""
    text = without_secrets(str(error).strip(), dsn)
    return CannotConnect(
        f"cannot connect to {target(dsn)}",
        detail=text,
        hint="Check that the server runs and that --dsn, TIDEMARK_DSN or the PG* variables name it, and that this "
        "user may connect to it.",
        sqlstate=error.sqlstate,
    )


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


def without_secrets(text: str, dsn: str) -> str:
    """The text with every password of the connection string masked."""
    secrets = set(re.findall(r"://[^/@:]*:([^@]+)@", dsn)) | set(re.findall(r"password\s*=\s*('[^']*'|\S+)", dsn))
    for secret in secrets:
        text = text.replace(secret.strip("'"), "***")
    return text
