"""Tables that are followed: direct changes are recorded once, those of functions that record themselves are not."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors

from tidemark.server_place import OWNER

Connection = psycopg.Connection[Any]
ENTRIES = (
    "SELECT row_key, action, before_values, after_values FROM audit.entries WHERE family = 'shop' ORDER BY entry_no"
)


@pytest.fixture(name="shop")
def _shop(conn: Connection) -> Connection:
    """A table that an application may write, by itself and through a function that records."""
    conn.execute(f"""
        CREATE SCHEMA shop AUTHORIZATION {OWNER};
        GRANT USAGE ON SCHEMA shop TO tidemark_app;
        CREATE ROLE shop_login LOGIN IN ROLE tidemark_app;
        SET SESSION AUTHORIZATION {OWNER};
        CREATE TABLE shop.orders (order_id integer PRIMARY KEY, state text, note text, secret text, paid numeric);
        CREATE TABLE shop.lines (order_id integer REFERENCES shop.orders ON DELETE CASCADE, line integer, PRIMARY KEY (order_id, line));
        GRANT ALL ON ALL TABLES IN SCHEMA shop TO tidemark_app;
        SELECT audit.track('shop.orders', p_hidden => '{{secret}}');
        SELECT audit.track('shop.lines');
        CREATE FUNCTION shop.cancel(p_order_id integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp, records_itself AS $$
        BEGIN
            UPDATE shop.orders SET state = 'cancelled' WHERE order_id = p_order_id;
            PERFORM audit.record('shop', 'orders', p_order_id::text, 'CANCEL', 'ann');
        END $$;
        GRANT EXECUTE ON FUNCTION shop.cancel TO tidemark_app;
        RESET SESSION AUTHORIZATION""")
    return conn


def entries(connection: Connection) -> list[tuple[Any, ...]]:
    return connection.execute(ENTRIES).fetchall()


def test_each_row_is_recorded_with_what_changed(shop: Connection) -> None:
    shop.execute("""
        INSERT INTO shop.orders VALUES (1, 'open', 'a', 'x', 1.0), (2, 'open', NULL, 'x', NULL);
        UPDATE shop.orders SET state = 'sent', secret = 'y' WHERE order_id = 1;
        UPDATE shop.orders SET note = note;
        UPDATE shop.orders SET paid = 1.00, note = NULL WHERE order_id = 1;
        UPDATE shop.orders SET order_id = 3 WHERE order_id = 2;
        ALTER TABLE shop.orders ADD COLUMN weight integer DEFAULT 5;
        UPDATE shop.orders SET weight = 6 WHERE order_id = 3;
        DELETE FROM shop.orders WHERE order_id = 3;
        INSERT INTO shop.lines VALUES (1, 1);
        TRUNCATE shop.orders CASCADE""")
    hidden = {"secret": "(hidden)"}
    one = {"order_id": 1, "state": "sent", "note": None, **hidden, "paid": 1.0, "weight": 5}
    two = {"order_id": 2, "state": "open", "note": None, **hidden, "paid": None}
    assert entries(shop) == [
        ("1", "INSERT", None, {"order_id": 1, "state": "open", "note": "a", **hidden, "paid": 1.0}),
        ("2", "INSERT", None, two),
        ("1", "UPDATE", {"state": "open", **hidden}, {"state": "sent", **hidden}),
        # 1.0 and 1.00 are the same number
        ("1", "UPDATE", {"note": "a"}, {"note": None}),
        ("2", "DELETE", two, None),
        ("3", "INSERT", None, {**two, "order_id": 3}),
        ("3", "UPDATE", {"weight": 5}, {"weight": 6}),
        ("3", "DELETE", {**two, "order_id": 3, "weight": 6}, None),
        ("[1, 1]", "INSERT", None, {"order_id": 1, "line": 1}),
        ("1", "TRUNCATE", one, None),
        ("[1, 1]", "TRUNCATE", {"order_id": 1, "line": 1}, None),
    ]


def test_what_a_cascade_removes_and_a_merge_writes_is_recorded(shop: Connection) -> None:
    shop.execute("""
        INSERT INTO shop.orders VALUES (1), (2); INSERT INTO shop.lines VALUES (1, 1), (1, 2);
        DELETE FROM shop.orders WHERE order_id = 1;
        MERGE INTO shop.orders AS ord USING (VALUES (2), (3)) AS given (id) ON ord.order_id = given.id
        WHEN MATCHED THEN UPDATE SET state = 'merged' WHEN NOT MATCHED THEN INSERT VALUES (given.id);
        INSERT INTO shop.orders VALUES (3) ON CONFLICT (order_id) DO UPDATE SET state = 'again'""")
    told = [(key, action) for key, action, _, _ in entries(shop)][4:]
    assert sorted(told[:3]) == [("1", "DELETE"), ("[1, 1]", "DELETE"), ("[1, 2]", "DELETE")]
    assert sorted(told[3:]) == [("2", "UPDATE"), ("3", "INSERT"), ("3", "UPDATE")]


def test_a_function_that_records_itself_is_not_recorded_twice(shop: Connection) -> None:
    shop.execute("SET SESSION AUTHORIZATION shop_login; INSERT INTO shop.orders VALUES (1, 'open')")
    shop.execute("SELECT shop.cancel(1); UPDATE shop.orders SET note = 'direct'; RESET SESSION AUTHORIZATION")
    rows = shop.execute("SELECT action, actor, login FROM audit.entries WHERE family = 'shop' ORDER BY entry_no")
    assert rows.fetchall() == [
        ("INSERT", "shop_login", "shop_login"),
        ("CANCEL", "ann", "shop_login"),
        ("UPDATE", "shop_login", "shop_login"),
    ]


def test_a_login_cannot_claim_to_record_itself(shop: Connection) -> None:
    shop.execute("SET SESSION AUTHORIZATION shop_login; SET LOCAL search_path = pg_catalog, records_itself")
    shop.execute("INSERT INTO shop.orders VALUES (1)")
    shop.execute("""
        CREATE FUNCTION pg_temp.write() RETURNS void LANGUAGE sql SET search_path = records_itself
        AS 'INSERT INTO shop.orders VALUES (2)'; SELECT pg_temp.write(); RESET SESSION AUTHORIZATION""")
    assert [row[:2] for row in entries(shop)] == [("1", "INSERT"), ("2", "INSERT")]


def test_the_actor_is_the_role_unless_the_application_says_who(shop: Connection) -> None:
    shop.execute("INSERT INTO shop.orders VALUES (1); SET LOCAL ROLE shop_login; INSERT INTO shop.orders VALUES (2)")
    shop.execute("SET LOCAL tidemark.actor = 'bob'; INSERT INTO shop.orders VALUES (3); RESET ROLE")
    rows = shop.execute("SELECT actor FROM audit.entries WHERE family = 'shop' ORDER BY entry_no").fetchall()
    assert rows == [("postgres",), ("shop_login",), ("bob",)]


def test_partitions_are_followed_whichever_name_is_written(shop: Connection) -> None:
    shop.execute(f"""
        SET SESSION AUTHORIZATION {OWNER};
        CREATE TABLE shop.visits (visit_id integer, day date, PRIMARY KEY (visit_id, day)) PARTITION BY RANGE (day);
        CREATE TABLE shop.visits_default PARTITION OF shop.visits DEFAULT;
        SELECT audit.track('shop.visits', p_key => '{{visit_id}}');
        SELECT ops.keep_partitions('shop.visits', 'month', '2025-06-01', 0);
        INSERT INTO shop.visits VALUES (1, '2025-06-01');
        INSERT INTO shop.visits_2025_06 VALUES (2, '2025-06-02');
        INSERT INTO shop.visits_default VALUES (3, '2020-06-02');
        UPDATE shop.visits SET day = '2025-06-03' WHERE visit_id = 3;
        TRUNCATE shop.visits; RESET SESSION AUTHORIZATION""")
    assert [row[:2] for row in entries(shop)] == [
        ("1", "INSERT"), ("2", "INSERT"), ("3", "INSERT"), ("3", "UPDATE"), *((str(n), "TRUNCATE") for n in (1, 2, 3)),
    ]  # fmt: skip


def test_to_follow_ends_and_begins_again(shop: Connection) -> None:
    shop.execute("SELECT audit.untrack('shop.orders'); INSERT INTO shop.orders VALUES (1)")
    assert entries(shop) == []
    shop.execute("SELECT audit.track('shop.orders'); ALTER TABLE shop.orders DISABLE TRIGGER USER")
    shop.execute("SELECT audit.track('shop.orders', p_family => 'shop'), audit.untrack('shop.none')")
    shop.execute("INSERT INTO shop.orders VALUES (2)")
    assert [row[:2] for row in entries(shop)] == [("2", "INSERT")]


@pytest.mark.parametrize(
    ("table", "key", "error"),
    [
        ("shop.none", None, errors.WrongObjectType),
        ("audit.seals_view", None, errors.WrongObjectType),
        ("access.grant_status", None, errors.WrongObjectType),
        ("audit.entries_default", None, errors.WrongObjectType),
        ("shop.orders", ["state"], errors.InvalidColumnReference),
        ("shop.orders", ["nothing"], errors.InvalidColumnReference),
        ("shop.heap", None, errors.InvalidColumnReference),
    ],
)
def test_what_cannot_be_followed_is_refused(shop: Connection, table: str, key: Any, error: type[Exception]) -> None:
    shop.execute("CREATE TABLE shop.heap (n integer)")
    with pytest.raises(error) as caught:
        shop.execute("SELECT audit.track(%s, %s)", [table, key])
    assert caught.value.diag.message_hint  # type: ignore[attr-defined]


def test_rights_grants_and_stored_views_of_a_fresh_installation_are_followed(conn: Connection) -> None:
    """Written directly, these are recorded; through planning's functions they are recorded by those alone."""
    conn.execute("UPDATE model_risk.validation_policies SET grace_period_months = 5 WHERE grace_period_months <> 5")
    conn.execute("INSERT INTO planning.users (id, username, email) VALUES (gen_random_uuid(), 'eve', 'e@x.example')")
    conn.execute("CREATE ROLE track_login; SELECT access.grant_scope('track_login', 'model_risk', 'all')")
    rows = conn.execute(
        "SELECT DISTINCT family, table_name, action FROM audit.entries WHERE transaction_id = pg_current_xact_id()"
    ).fetchall()
    assert ("access", "grants", "INSERT") in rows
    assert ("planning_tables", "users", "INSERT") in rows
