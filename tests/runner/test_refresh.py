"""The commands of the refresh engine, on a small stored view of their own."""

import os
import pty
import select
import signal
import time
from dataclasses import replace

import psycopg
import pytest

from tidemark import db, refresh
from tidemark.errors import DatabaseRefused, StateProblem
from tidemark.steps import finish

pytestmark = pytest.mark.once

VIEW = "toy.total_by_kind"
SETUP = """
SET ROLE tidemark;  -- the engine belongs to the login that applied it, so what it keeps must too
CREATE SCHEMA toy;
CREATE TABLE toy.item (item_id integer PRIMARY KEY, kind text NOT NULL, amount integer NOT NULL);
CREATE VIEW toy.total AS SELECT itm.kind, sum(itm.amount) AS amount FROM toy.item AS itm GROUP BY itm.kind;
INSERT INTO toy.item VALUES (1, 'a', 10), (2, 'b', 20);
"""


@pytest.fixture
def toy(fresh_db):
    """A database with the stored view toy.total_by_kind, which was never run; gives its connection string."""
    with psycopg.connect(fresh_db) as connection:
        connection.execute(SETUP)
        connection.execute("SELECT refresh.store('toy.total_by_kind', live => 'toy.total', key => '{kind}')")
        connection.execute("SELECT refresh.affects('toy.item', 'toy.total_by_kind', 'SELECT kind FROM changed')")
    return fresh_db


@pytest.fixture
def connection(toy):
    with db.connect(toy) as connection:
        yield connection


def write(dsn, statement):
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement)


def test_refresh_runs_what_needs_it_and_then_nothing(connection, settings, toy):
    rows = finish(refresh.run(connection, settings, []))
    assert VIEW in [row.view_name for row in rows]
    assert finish(refresh.run(connection, settings, [])) == []
    write(toy, "INSERT INTO toy.item VALUES (3, 'b', 1)")
    assert VIEW in [row.view_name for row in refresh.waiting(connection)]
    rows = finish(refresh.run(connection, settings, []))
    assert [(row.view_name, row.mode, row.updated_count) for row in rows] == [(VIEW, "keys", 1)]


def test_a_given_view_is_run_alone(connection, settings):
    rows = finish(refresh.run(connection, settings, [VIEW]))
    assert [row.view_name for row in rows] == [VIEW]
    with pytest.raises(DatabaseRefused) as caught:
        finish(refresh.run(connection, settings, ["toy.nothing"]))
    assert caught.value.sqlstate
    assert caught.value.hint


def test_several_sessions_give_the_same(connection, settings, toy):
    rows = finish(refresh.run(connection, replace(settings, dsn=toy), [], full=True, jobs=3))
    names = [row.view_name for row in rows]
    assert len(names) == len(set(names)) == len(finish(refresh.verify(connection, [])))
    assert all(row.mode in ("whole", "native") for row in rows)
    assert all(row.is_equal for row in finish(refresh.verify(connection, [])))


def test_a_failing_view_does_not_stop_the_others(connection, settings, toy):
    finish(refresh.run(connection, settings, []))
    write(
        toy,
        "CREATE FUNCTION toy.refuse(n bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN"
        " RAISE EXCEPTION 'not ready' USING ERRCODE = 'object_not_in_prerequisite_state'; END $$",
    )
    write(
        toy,
        "CREATE OR REPLACE VIEW toy.total AS SELECT kind, toy.refuse(sum(amount)) AS amount FROM toy.item GROUP BY 1",
    )
    write(toy, "INSERT INTO toy.item VALUES (7, 'c', 7)")
    rows = finish(refresh.run(connection, settings, []))
    failed = [row for row in rows if row.mode == "failed"]
    assert [(row.view_name, row.error_code) for row in failed] == [(VIEW, "55000")]
    tick = refresh.tick(connection, 5)
    assert (tick.run_count, tick.failed_count) == (0, 0), "a failed view is left alone for a while"


def test_verify_finds_a_difference(connection, settings, toy):
    finish(refresh.run(connection, settings, []))
    storage = (
        db.fetch(connection, "freshness")
        and connection.execute(
            "SELECT storage_name FROM refresh.stored_views WHERE view_name = 'toy.total_by_kind'"
        ).fetchone()
    )
    write(toy, f"UPDATE {storage[0]} SET amount = -1 WHERE kind = 'a'")
    row = finish(refresh.verify(connection, [VIEW]))[0]
    assert (row.is_equal, row.differing_count) == (False, 1)
    assert row.samples


def test_explain_speaks(connection):
    assert VIEW in refresh.explain(connection, VIEW)[0]


def test_without_an_engine_it_says_so(empty_db):
    with db.connect(empty_db) as connection, pytest.raises(StateProblem, match="no refresh engine") as caught:
        refresh.freshness(connection)
    assert "tidemark apply" in caught.value.hint


def test_exit_codes_of_the_commands(tidemark, toy):
    assert tidemark("refresh", "--dry-run", "--dsn", toy).returncode == 0
    assert tidemark("tick", "--dsn", toy).returncode == 0
    assert tidemark("verify", "--dsn", toy).returncode == 0
    assert tidemark("freshness", "--dsn", toy).returncode == 0
    assert tidemark("refresh", VIEW, "--full", "--verify", "--dsn", toy).returncode == 0
    assert tidemark("explain", VIEW, "--json", "--dsn", toy).returncode == 0
    assert tidemark("explain", "toy.nothing", "--dsn", toy).returncode == 5
    write(toy, "INSERT INTO toy.item VALUES (3, 'b', 1)")
    assert tidemark("verify", VIEW, "--dsn", toy).returncode == 1


def test_watch_ends_on_sigterm(start_command, toy):
    process = start_command("watch", "--interval", "0.2", "--dsn", toy)
    write(toy, "INSERT INTO toy.item VALUES (3, 'b', 1)")
    with psycopg.connect(toy, autocommit=True) as connection:
        deadline = time.monotonic() + 30
        while not connection.execute("SELECT count(*) FROM toy.total_by_kind").fetchone()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "refreshed" in out


@pytest.mark.parametrize(("options", "stored"), [((), 2), (("--no-tick",), 0)])
def test_watch_shows_a_table_on_a_terminal(start_command, toy, options, stored):
    ours, theirs = pty.openpty()
    window = {"TERM": "xterm", "COLUMNS": "200", "LINES": "50"}
    process = start_command("watch", *options, "--interval", "0.2", "--dsn", toy, stdout=theirs, **window)
    os.close(theirs)
    shown = b""
    try:
        deadline = time.monotonic() + 60
        while shown.count(VIEW.encode()) < 3:  # drawn over again
            assert time.monotonic() < deadline, shown[-2000:]
            if select.select([ours], [], [], 1)[0]:
                shown += os.read(ours, 65536)
        process.send_signal(signal.SIGTERM)
        while select.select([ours], [], [], 0.1)[0] or process.poll() is None:
            try:
                if not os.read(ours, 65536):
                    break
            except OSError:  # the other end is closed
                break
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        os.close(ours)
    with psycopg.connect(toy) as connection:
        assert connection.execute("SELECT count(*) FROM toy.total_by_kind").fetchone()[0] == stored
