"""Calls that note themselves: what is kept of them, when nothing is, and the figures made of it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]
NOTE = "SELECT ops.note_call('shop.read', '7', 'EDITOR', clock_timestamp() - %s::interval, 3, %s, %s)"


def count(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM ops.call").fetchone()
    assert row
    return int(row[0])


@pytest.mark.parametrize(
    ("duration", "status", "kind", "is_slow", "is_error"),
    [
        ("-1000 ms", "ok", "read", False, False),
        ("110 ms", "ok", "read", True, False),
        ("200 ms", "applied", "write", False, False),
        ("510 ms", "forbidden", "write", True, True),
        ("600 ms", "ok", "report", False, False),
        ("2010 ms", None, "report", True, False),
    ],
)
def test_a_call_is_kept_with_how_it_went(
    conn: Connection, duration: str, status: str | None, kind: str, is_slow: bool, is_error: bool
) -> None:
    conn.execute(NOTE, [duration, status, kind])
    row = conn.execute(
        "SELECT actor, actor_role, row_count, call_status, is_slow, is_error, duration_ms >= %s FROM ops.call",
        [int(duration.split()[0])],
    ).fetchone()
    assert row == ("7", "EDITOR", 3, status, is_slow, is_error, True)


@pytest.mark.parametrize("setting", ["tidemark.call_log = off", "transaction_read_only = on"])
def test_nothing_is_kept_when_it_is_off_or_cannot_be(conn: Connection, setting: str) -> None:
    before = count(conn)
    conn.execute(f"SET LOCAL {setting}")
    conn.execute(NOTE, ["1 ms", "ok", "read"])
    assert count(conn) == before


@pytest.mark.parametrize(
    "harm",
    [
        "ALTER TABLE ops.call RENAME TO gone",
        "ALTER TABLE ops.call ADD CONSTRAINT never CHECK (call_kind = 'x')",
        "ALTER TABLE ops.call DROP COLUMN actor",
    ],
)
def test_a_call_never_fails_because_it_is_noted(conn: Connection, harm: str) -> None:
    conn.execute(harm)
    assert conn.execute(NOTE, ["1 ms", "ok", "read"]).fetchone() == ("",)


def test_a_function_that_only_reads_may_note_itself(conn: Connection) -> None:
    conn.execute("""
        CREATE FUNCTION pg_temp.read() RETURNS integer LANGUAGE plpgsql STABLE AS $$
        BEGIN PERFORM ops.note_call('shop.read', NULL, NULL, clock_timestamp(), 1, 'ok', 'read'); RETURN 1; END $$""")
    before = count(conn)
    conn.execute("SELECT pg_temp.read()")
    assert count(conn) == before + 1


def test_figures_are_those_of_the_window(conn: Connection) -> None:
    conn.execute("""
        INSERT INTO ops.call (function_name, actor_role, started_at, duration_ms, call_kind, is_slow, is_error)
        SELECT 'shop.read', role, '2025-01-01Z'::timestamptz + number * interval '1 minute', number, 'read', number > 100, number % 10 = 0
        FROM generate_series(1, 200) AS number, (VALUES ('A'), (NULL)) AS roles (role)""")
    rows = conn.execute(
        "SELECT * FROM ops.call_metrics('2025-01-01 00:01Z', '2025-01-01 01:42Z')"  # the numbers 1 to 101
    ).fetchall()
    figures = (101, 10, 1, 51.0, 96.0, 100.0, 101.0)
    assert rows == [("shop.read", "A", *figures), ("shop.read", None, *figures)]


def test_old_calls_go(conn: Connection) -> None:
    for age in ("6 days 23 hours", "7 days 1 hour"):
        conn.execute(NOTE, [age, "ok", "read"])
    conn.execute("SELECT ops_internal.trim_calls()")
    assert count(conn) == 1
    conn.execute("SET LOCAL tidemark.call_log_days = 'many'")
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        conn.execute("SELECT ops_internal.trim_calls()")


@pytest.mark.parametrize("role", ["tidemark_bi", "tidemark_app", "tidemark_loader"])
def test_calls_are_for_operators(conn: Connection, role: str) -> None:
    conn.execute(f"SET LOCAL ROLE {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SELECT * FROM ops.call_metrics()")
