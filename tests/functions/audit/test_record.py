"""The log of changes: what an entry holds, and that nobody changes it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]


def test_an_entry_tells_who_did_what_in_which_transaction(conn: Connection) -> None:
    conn.execute("SET LOCAL tidemark.actor = 'ann'; SET LOCAL tidemark.actor_role = 'officer'")
    conn.execute("SELECT audit.record('shop', 'orders', '1', 'CREATE', p_after => '{\"a\": 1}')")
    conn.execute(
        "SELECT audit.record('shop', 'orders', '1', 'DELETE', 'bob', p_before => '{\"a\": 1}', p_batch => 'b')"
    )
    rows = conn.execute(
        "SELECT actor, actor_role, action, before_values, after_values, batch, login = session_user,"
        " transaction_id = pg_current_xact_id() FROM audit.entries WHERE family = 'shop' ORDER BY entry_no"
    ).fetchall()
    assert rows == [
        ("ann", "officer", "CREATE", None, {"a": 1}, None, True, True),
        ("bob", "officer", "DELETE", {"a": 1}, None, "b", True, True),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit.entries SET action = 'x'",
        "DELETE FROM audit.entries",
        "UPDATE {partition} SET action = 'x'",
        "DELETE FROM {partition}",
        "TRUNCATE audit.entries",
        "TRUNCATE audit.entries_default",
        "TRUNCATE {partition}",
    ],
)
def test_entries_are_never_changed(conn: Connection, change: str) -> None:
    conn.execute("SELECT audit.record('shop', 'orders', '1', 'CREATE')")
    row = conn.execute("SELECT tableoid::regclass::text FROM audit.entries LIMIT 1").fetchone()
    assert row
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
        conn.execute(change.format(partition=row[0]))
    assert caught.value.diag.message_hint


@pytest.mark.parametrize("role", ["tidemark_bi", "tidemark_app", "tidemark_operator", "tidemark_loader"])
def test_nobody_but_the_owner_adds_entries(conn: Connection, role: str) -> None:
    conn.execute(f"SET LOCAL ROLE {role}")
    for statement in (
        "SELECT audit.record('shop', 'orders', '1', 'CREATE')",
        "INSERT INTO audit.entries (login, family, table_name, row_key, action) VALUES ('x', 'x', 'x', 'x', 'x')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute(statement)


def test_many_entries_are_one_statement_in_the_order_given(conn: Connection) -> None:
    conn.execute("SET LOCAL tidemark.actor = 'ann'; SET LOCAL tidemark.actor_role = 'officer'")
    many = "SELECT audit.record_many('shop', ARRAY(SELECT ROW('orders', n::text, 'UPDATE', NULL, jsonb_build_object('n', n))::audit.new_entry FROM generate_series(1, 3) AS n){})"
    assert conn.execute(many.format("")).fetchone() == (3,)
    assert conn.execute(many.format(", 'bob', 'EDITOR', 'b1', '10.0.0.1 browser'")).fetchone() == (3,)
    for nothing in ("'{}'", "NULL"):
        assert conn.execute(f"SELECT audit.record_many('shop', {nothing})").fetchone() == (0,)
    rows = conn.execute(
        "SELECT row_key, action, before_values, after_values, actor, actor_role, batch, client = '10.0.0.1 browser'"
        " FROM audit.entries WHERE family = 'shop' ORDER BY entry_no"
    ).fetchall()
    assert rows == [
        *((str(n), "UPDATE", None, {"n": n}, "ann", "officer", None, False) for n in (1, 2, 3)),
        *((str(n), "UPDATE", None, {"n": n}, "bob", "EDITOR", "b1", True) for n in (1, 2, 3)),
    ]
