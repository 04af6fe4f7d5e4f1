"""Timeouts, read-only logins, standbys, SET ROLE, faults: each is named with its setting, its origin and the remedy."""

import json
import subprocess
import sys

import psycopg
import pytest

from tidemark import db
from tidemark.errors import DatabaseRefused

FAULT = """
import sys
from tidemark.cli import base, main
@base.app.command()
def broken():
    raise LookupError("café ☕")
sys.argv = ["tidemark", "broken", *sys.argv[1:]]
main()
"""


@pytest.fixture
def login(server, empty_db):
    """A login of its own on a blank database: its connection string and its name."""
    name = psycopg.conninfo.conninfo_to_dict(empty_db)["dbname"]
    role = f"login_{name}"
    server.execute(f"CREATE ROLE {role} LOGIN")
    server.execute(f"GRANT ALL ON DATABASE {name} TO {role}")
    yield server.dsn(name, role), role, name
    with psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {role}")
    server.execute(f"DROP ROLE {role}")


def refused(dsn, work):
    with db.connect(dsn) as connection, pytest.raises(DatabaseRefused) as caught:
        work(connection)
    return caught.value


def sleep(connection):
    with db.transaction(connection):
        db.send(connection, "SELECT 1;\nSELECT pg_sleep(20);", "0001_slow.sql")


def pause(connection):
    with db.transaction(connection):
        db.value(connection, "session_pid")
        subprocess.run(["sleep", "0.5"], check=True)
        db.value(connection, "session_pid")


def idle(connection):
    subprocess.run(["sleep", "0.5"], check=True)
    db.value(connection, "session_pid")


TIMEOUTS = [
    ("statement_timeout", "57014", sleep, 0),
    ("transaction_timeout", "25P04", sleep, 17),
    ("idle_in_transaction_session_timeout", "25P03", pause, 0),
    ("idle_session_timeout", "57P05", idle, 0),
]
PLACES = {
    "role": ("ALTER ROLE {role} SET {setting} = '200ms'", "for this login", "ALTER ROLE {role} RESET {setting};"),
    "role in database": (
        "ALTER ROLE {role} IN DATABASE {name} SET {setting} = '200ms'",
        "for this login in this database",
        "ALTER ROLE {role} IN DATABASE {name} RESET {setting};",
    ),
    "database": (
        "ALTER DATABASE {name} SET {setting} = '200ms'",
        "for this database",
        "ALTER DATABASE {name} RESET {setting};",
    ),
    "options": (None, "PGOPTIONS", "Leave {setting} out of PGOPTIONS"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("setting", "sqlstate", "work", "since"), TIMEOUTS, ids=[row[0] for row in TIMEOUTS])
def test_a_timeout_is_named_with_its_origin_and_remedy(server, login, setting, sqlstate, work, since, place):
    if server.major < since:
        pytest.skip(f"{setting} came with PostgreSQL {since}")
    dsn, role, name = login
    statement, origin, remedy = PLACES[place]
    if statement is None:
        dsn += f" options='-c {setting}=200ms'"
    else:
        server.execute(statement.format(role=role, name=name, setting=setting))
    error = refused(dsn, work)
    assert error.sqlstate == sqlstate
    assert f"{setting} is 200ms" in f"{error.message} {error.detail}"
    assert origin in error.detail
    assert remedy.format(role=role, name=name, setting=setting) in error.hint


def test_a_login_that_may_only_read_is_told_so_in_one_sentence(server, login, command):
    dsn, role, _ = login
    server.execute(f"ALTER ROLE {role} SET default_transaction_read_only = on")
    done = command("apply", "--dsn", dsn)
    assert done.returncode == 5
    assert "this login may only read: default_transaction_read_only is on (SQLSTATE 25006)" in done.stderr
    assert f"ALTER ROLE {role} RESET default_transaction_read_only;" in done.stderr
    assert len(done.stderr.splitlines()) <= 6


def test_hints_of_a_refused_login_name_what_is_missing(server, login):
    dsn, role, name = login
    with pytest.raises(Exception, match="cannot connect") as caught:
        db.connect(dsn.replace(f"dbname={name}", "dbname=nowhere_at_all"))
    assert "createdb nowhere_at_all" in caught.value.hint
    server.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC, {role}")
    with pytest.raises(Exception, match="cannot connect") as caught:
        db.connect(dsn)
    assert "GRANT CONNECT" in caught.value.hint


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_fault_is_one_document_and_no_answer(encoding):
    done = subprocess.run(
        [sys.executable, "-c", FAULT, "--json"],
        env={"PYTHONIOENCODING": encoding, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 70, done.stderr
    error = json.loads(done.stdout)["error"]
    assert error["message"] == "tidemark failed: LookupError: café ☕"
    assert done.stderr == b""


def test_a_fault_in_words_shows_no_traceback():
    done = subprocess.run(
        [sys.executable, "-c", FAULT],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 70
    assert "LookupError" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_login_that_works_through_set_role_can_prove(server, empty_db, command):
    name = psycopg.conninfo.conninfo_to_dict(empty_db)["dbname"]
    role = f"login_{name}"
    server.execute(f"CREATE ROLE {role} LOGIN IN ROLE tidemark")
    server.execute(f"ALTER ROLE {role} SET role = 'tidemark'")
    try:
        done = command("prove", "0002_refresh", "--json", "--dsn", server.dsn(name, role))
        assert done.returncode == 0, (done.stdout, done.stderr)
    finally:
        server.execute(f"DROP ROLE {role}")
