"""What somebody dropped with CASCADE stops its own view, and no other."""

from __future__ import annotations

from typing import Any

import pytest

TABLES = """
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t (id integer PRIMARY KEY, due date, n integer NOT NULL);
INSERT INTO b.t SELECT n, CURRENT_DATE + n, n FROM generate_series(1, 20) AS n;
CREATE VIEW a.live AS SELECT id, due, n FROM b.t;
CREATE VIEW b.live AS SELECT id, due, n * 2 AS n FROM b.t;
"""
STORE = """
SELECT refresh.store('{0}.s', '{0}.live', key => '{{id}}', due => '{1}', target_lag => '1 minute');
SELECT refresh.affects('b.t', '{0}.s', 'SELECT id FROM changed');
"""


@pytest.fixture
def two(engine: Any) -> Any:
    engine.run(TABLES)
    engine.declare(
        STORE.format("a", "due").replace(", due => 'due'", "")
        + STORE.format("b", "due").replace(", due => 'due'", "")
    )
    engine.run("CALL refresh.tick()")
    return engine


@pytest.mark.parametrize(
    "damage",
    [
        "DROP SCHEMA a CASCADE",
        "DROP VIEW a.live CASCADE",
        "ALTER TABLE b.t RENAME TO u; DROP VIEW a.live CASCADE; ALTER TABLE b.u RENAME TO t",
    ],
)
def test_the_other_view_goes_on(two, damage):
    two.run(damage)
    two.run("UPDATE b.t SET n = 100 WHERE id = 7")
    done = two.row("CALL refresh.tick()")
    assert done.failed_count == 1
    assert two.value("SELECT n FROM b.s WHERE id = 7") == 200
    assert two.row("SELECT * FROM refresh.verify('b.s')").is_equal
    state = {row.view_name: row for row in two.rows("SELECT * FROM refresh.freshness")}
    assert (state["a.s"].freshness_status, state["b.s"].freshness_status) == ("failing", "fresh")
    assert "a.live" in two.value(
        "SELECT error_message || ' ' || error_detail FROM refresh.runs WHERE mode = 'failed'"
    )
    two.run("SELECT refresh.drop_view('a.s')")
    assert [row.view_name for row in two.rows("SELECT * FROM refresh.freshness")] == ["b.s"]
    assert two.row("CALL refresh.tick()").failed_count == 0


def test_a_live_view_that_came_back_is_followed_again(two):
    two.run("DROP VIEW a.live CASCADE")
    two.run("CALL refresh.tick()")
    two.run("CREATE VIEW a.live AS SELECT id, due, n FROM b.t")
    two.run("UPDATE b.t SET n = 5 WHERE id = 7; UPDATE refresh.view_state SET retry_at = NULL")
    two.run("CALL refresh.tick()")
    assert two.row("SELECT * FROM refresh.verify('a.s')").is_equal
    assert two.value("SELECT n FROM a.s WHERE id = 7") == 5


def test_a_schema_that_may_not_be_used_any_more_stops_no_other_view(toy, server):
    """The owner of the files lost the right to use it; their own views fail, the others are refreshed."""
    admin = toy.session(toy.superuser_dsn)
    admin.execute("CREATE SCHEMA lent; GRANT ALL ON SCHEMA lent TO tidemark")
    toy.run("""
        CREATE TABLE lent.item (item_id integer PRIMARY KEY, name text);
        CREATE VIEW lent.items AS SELECT * FROM lent.item;
        CREATE VIEW toy.lent_items AS SELECT item_id, upper(name) AS name FROM lent.item""")
    toy.declare("""
        SELECT refresh.store('lent.item_by_id', 'lent.items', '{item_id}');
        SELECT refresh.store('toy.lent_item_by_id', 'toy.lent_items', '{item_id}')""")
    toy.run("CALL refresh.tick()")
    admin.execute("REVOKE ALL ON SCHEMA lent FROM tidemark")
    admin.execute("INSERT INTO lent.item VALUES (1, 'one')")
    toy.run("UPDATE toy.model SET name = 'changed' WHERE model_id = 1")
    new = toy.session(tidemark__as_of="2025-06-30")
    done = new.execute("CALL refresh.tick()").fetchone()
    assert done.run_count >= 1, done
    assert done.failed_count >= 1, done
    assert toy.value("SELECT name FROM toy.status_by_model WHERE model_id = 1") == "changed"
    found = {row.view_name: row.freshness_status for row in toy.rows("SELECT * FROM refresh.freshness")}
    assert (found["lent.item_by_id"], found["toy.status_by_model"]) == ("failing", "fresh")
    assert (
        toy.value(
            "SELECT error_code FROM refresh.runs WHERE view_name = 'lent.item_by_id' ORDER BY run_id DESC LIMIT 1"
        )
        == "42501"
    )
    assert toy.verify("toy.status_by_model").is_equal
    admin.execute("GRANT USAGE ON SCHEMA lent TO tidemark")
    toy.run("UPDATE refresh.view_state SET retry_at = NULL")
    toy.run("CALL refresh.tick()")
    for view in ("lent.item_by_id", "toy.lent_item_by_id"):
        assert toy.verify(view).is_equal
        assert toy.freshness(view).freshness_status == "fresh"
