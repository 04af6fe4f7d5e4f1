"""Sessions: connecting, the settings that are pinned before anything else is sent, and poolers in between.

What a file means must not depend on settings of the login, so the first statement pins them (``pin_session``). The
same round trip finds out whether a pooler stands between: there a SET would stay behind in a session that is somebody
else's a moment later. A pooler in session mode gives us a session of our own, which is then pinned like any other.
Transaction mode is refused, unless the caller can do with one transaction at a time; then each of them pins what it
needs for itself, and nothing outlives it.
"""

from __future__ import annotations

import re
import select
import socket
import time
from typing import Any

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import namedtuple_row

from tidemark.db.errors import connection_problem, target, translated, without_secrets
from tidemark.db.limits import Limit, Limits
from tidemark.db.texts import queries
from tidemark.errors import CannotConnect, ConfigProblem

OLDEST_SERVER = 150000
ENCODING = "UTF8"
POOLER_LOOKS = 100
POOLER_LOOK_SECONDS = 1.0


class Connection(psycopg.Connection[Any]):
    """A connection of the runner."""

    limits: Limits | None = None
    # Behind a pooler in transaction mode: another session may answer after every transaction.
    is_shared: bool = False


def connect(
    dsn: str, *, timeout_seconds: int = 10, check_version: bool = True, may_share: bool = False, **overrides: Any
) -> Connection:
    """A new connection in autocommit mode, with the runner's session settings.

    ``may_share``: the caller needs no session of its own, only transactions.

    Errors: CannotConnect, which names host, port, database and user and never a password; ConfigProblem for a
    database that is not UTF8, and behind a pooler that gives one session to many.
    """
    connection = _open(dsn, timeout_seconds, overrides)
    try:
        if check_version:
            _refuse_old(connection)
        _refuse_encoding(connection)
        with translated("settings of the session"):
            pid = _pin(connection, connection.info.backend_pid)
            if pid != connection.info.backend_pid:
                connection.is_shared = _is_shared(connection, pid, dsn, overrides)
                if connection.is_shared and not may_share:
                    raise ConfigProblem(
                        "the connection goes through a pooler that shares sessions (transaction mode)",
                        detail="This command needs a session of its own, for its locks and its settings.",
                        hint="Give it a direct connection to the server, or a pooler in session mode.",
                    )
                if not connection.is_shared:
                    _pin(connection, None)
    except BaseException:
        connection.close()
        raise
    return connection


def server_version(connection: Connection) -> int:
    """The version as libpq gives it: 180001 is 18.1."""
    return connection.info.server_version


def reset_session(connection: Connection) -> None:
    """Takes back every SET of a file, its role included, so that the next file starts like the first."""
    if not connection.closed and is_idle(connection):
        with translated("settings of the session"):
            connection.execute(queries()["unset_session"].encode())
            _pin(connection, None)


def pin_transaction(connection: Connection) -> None:
    """The same settings for the open transaction only."""
    _pin(connection, None, is_local=True)


def is_idle(connection: Connection) -> bool:
    """True outside any transaction."""
    return bool(connection.info.transaction_status == pq.TransactionStatus.IDLE)


def identifier(connection: Connection, name: str) -> str:
    """A name as it stands in SQL, quoted if it must be; for statements that are shown."""
    return sql.Identifier(name).as_string(connection) if not re.fullmatch(r"[a-z_][a-z0-9_]*", name) else name


# --- connecting -------------------------------------------------------------------------------------------


def _open(dsn: str, timeout_seconds: int, overrides: dict[str, Any]) -> Connection:
    try:
        parameters: dict[str, Any] = {
            "connect_timeout": timeout_seconds,
            "application_name": "tidemark",
            **conninfo_to_dict(dsn),
            "client_encoding": ENCODING,  # part of the login itself, which poolers know too: stands above every other
            **overrides,
        }
        return Connection.connect(
            make_conninfo("", **parameters), autocommit=True, prepare_threshold=None, row_factory=namedtuple_row
        )
    except psycopg.ProgrammingError as error:
        raise ConfigProblem(
            "the connection string is not valid",
            detail=without_secrets(str(error), dsn),
            hint="Write it like postgresql://user@host:5432/database; keep the password in ~/.pgpass.",
        ) from None
    except psycopg.Error as error:
        problem = connection_problem(error, dsn)
        problem.hint = _hint(error, parameters) or problem.hint
        raise problem from None


def _hint(error: psycopg.Error, parameters: dict[str, Any]) -> str | None:
    """What helps. libpq hands on no code with a refused login, and its text may be in any language."""
    if isinstance(error, psycopg.errors.ConnectionTimeout):
        return "Check host, port and firewall; a longer wait: TIDEMARK_CONNECT_TIMEOUT_SECONDS."
    if isinstance(error.__cause__ or error.__context__, socket.gaierror):
        return "Check the host name."
    if error.pgconn is None:
        return None
    if error.pgconn.used_password:
        return "Check the user, and the password in ~/.pgpass or PGPASSWORD."
    if error.pgconn.needs_password:
        return "Put the password into ~/.pgpass or PGPASSWORD."
    wanted = (error.pgconn.db or b"").decode(errors="replace")
    if wanted in ("", "postgres"):
        return None
    try:  # a database that every server has can tell about the one that was asked for
        with psycopg.connect(make_conninfo("", **parameters | {"dbname": "postgres"}), autocommit=True) as beside:
            row = beside.execute(queries()["database_access"].encode(), {"database": wanted}).fetchone()
    except psycopg.Error:
        return None
    if row is None:
        return f'Create it first: createdb {wanted}, or psql -c "CREATE DATABASE {wanted}".'
    return None if row[0] else "Ask its owner for GRANT CONNECT ON DATABASE ... TO this user."


def _refuse_old(connection: Connection) -> None:
    found = server_version(connection)
    if found < OLDEST_SERVER:
        raise CannotConnect(
            f"the server runs PostgreSQL {found // 10000}, which is too old",
            detail="Tidemark needs PostgreSQL 15 or later.",
            hint="Upgrade the server, or leave --dsn out to use the embedded PostgreSQL.",
        )


def _refuse_encoding(connection: Connection) -> None:
    """Only UTF8 can hold every text that is loaded, and the bookkeeping of our own files."""
    found = connection.info.parameter_status("server_encoding")
    if found and found != ENCODING:
        raise ConfigProblem(
            f"the database is encoded in {found}; Tidemark needs {ENCODING}",
            detail=f"{target(connection.info.dsn).capitalize()}. Nothing was sent to it.",
            hint="The encoding of a database cannot be changed. Make one beside it: "
            "createdb -T template0 -E UTF8 --locale=C NAME",
        )


def _pin(connection: Connection, pid: int | None, *, is_local: bool = False) -> int:
    """Sends ``pin_session``; gives the process that answered."""
    statement = queries()["pin_session"].encode()
    rows = connection.execute(statement, {"pid": pid, "is_local": is_local}).fetchall()
    info = connection.info
    connection.limits = Limits(
        {row.name: Limit(row.given, row.source) for row in rows if row.given is not None},
        identifier(connection, info.user),
        identifier(connection, info.dbname),
        rows[0].is_standby,
    )
    return int(rows[0].pid)


# --- poolers ----------------------------------------------------------------------------------------------


def _is_shared(connection: Connection, pid: int, dsn: str, overrides: dict[str, Any]) -> bool:
    """Finds out whether a pooler hands our session to others between two transactions.

    Other connections begin a transaction and keep it. One that gets our session proves that sessions are shared. Two
    for which the pooler opened a session of their own, although ours was idle, prove that they are not; so does one
    that waits for a session while we, who asked after it, are answered. Sets nothing. Where nothing is proved, shared
    is the safe answer.
    """
    others: list[Connection] = []
    new_count = 0
    try:
        for _ in range(POOLER_LOOKS):
            others.append(_open(dsn, 10, {**overrides, "application_name": "tidemark pooler check"}))
            others[-1].pgconn.send_query(b"BEGIN")
            if _answer(others[-1]) is None:
                # Again and again: a pooler may answer us before the one that waits, but not for ever.
                own = [_look(connection, pid) for _ in range(3)]
                others[-1].pgconn.consume_input()
                return None in own or not others[-1].pgconn.is_busy()
            found = _look(others[-1], pid)
            if found is None or found[0] == pid:
                return True
            new_count += found[1]
            if new_count == 2:
                return False
        return True
    except (psycopg.Error, CannotConnect):
        return True  # such as a pooler in statement mode, which knows no BEGIN
    finally:
        for other in others:
            # A pooler throws the session of a client away that leaves in the middle of a transaction.
            if other.info.transaction_status == pq.TransactionStatus.INTRANS:
                other.rollback()
            other.close()
        while connection.pgconn.get_result() is not None:
            pass  # our own question, answered now that the others are gone


def _look(other: Connection, pid: int) -> tuple[int, bool] | None:
    """Process that answers, and whether it is younger than the rest of ours; None when none answers for a while."""
    other.pgconn.send_query_params(queries()["session_age"].encode(), [str(pid).encode()])
    result = _answer(other)
    if result is None:
        return None
    return int(result.get_value(0, 0) or b"0"), result.get_value(0, 1) == b"t"


def _answer(other: Connection) -> pq.abc.PGresult | None:
    """The last result of what was sent; None when there is none for a while."""
    connection = other.pgconn
    connection.flush()
    until = time.monotonic() + POOLER_LOOK_SECONDS
    found: pq.abc.PGresult | None = None
    while True:
        connection.consume_input()
        while not connection.is_busy():
            result = connection.get_result()
            if result is None:
                return found
            if result.status == pq.ExecStatus.FATAL_ERROR:
                raise psycopg.OperationalError("no transaction")
            found = result
        rest = until - time.monotonic()
        if rest <= 0:
            return None
        select.select([connection.socket], [], [], rest)
