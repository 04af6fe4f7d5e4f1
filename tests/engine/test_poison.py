"""A key whose live definition raises an error stops nobody: it is kept aside, named, and tried again."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

TABLES = """
CREATE SCHEMA e;
CREATE TABLE e.t (id integer PRIMARY KEY, region text NOT NULL, a numeric, b numeric);
INSERT INTO e.t SELECT n, 'r' || n % 10, n, 1 FROM generate_series(1, 1000) AS n;
CREATE VIEW e.live AS SELECT id, a / b AS ratio FROM e.t;
"""
STORE = """
SELECT refresh.store('e.s', 'e.live', key => '{id}', target_lag => %s);
SELECT refresh.affects('e.t', 'e.s', 'SELECT id FROM changed');
"""


@pytest.fixture
def shop(engine: Any) -> Any:
    engine.run(TABLES)
    return engine


def store(shop: Any, lag: str = "1 minute") -> None:
    shop.declare(STORE.replace("%s", f"'{lag}'"))
    shop.run("CALL refresh.tick()")


def held(shop: Any) -> list[Any]:
    return [(row.key, row.error_code) for row in shop.rows("SELECT * FROM refresh.held_keys ORDER BY key")]


def fresh(shop: Any) -> Any:
    return shop.row("SELECT * FROM refresh.freshness WHERE view_name = 'e.s'")


def test_all_others_are_right_after_one_run(shop):
    store(shop)
    shop.run("UPDATE e.t SET b = CASE id WHEN 5 THEN 0 ELSE 2 END")
    run = shop.row("SELECT * FROM refresh.run('e.s')")
    assert (run.mode, run.updated_count) == ("whole", 999)
    assert run.reason.endswith("1 key held back: division by zero")
    assert held(shop) == [({"id": 5}, "22012")]
    assert shop.value("SELECT ratio FROM e.s WHERE id = 5") == 5
    assert shop.value("SELECT count(*) FROM e.s JOIN e.t USING (id) WHERE b <> 0 AND ratio = a / b") == 999
    now = fresh(shop)
    assert (now.freshness_status, now.held_count, now.failure_count) == ("failing", 1, 0)
    assert now.lag > now.held_since - now.held_since
    lines = [line for (line,) in shop.rows("SELECT refresh.explain('e.s')")]
    assert lines[0].startswith("e.s is failing for 1 of its keys since")
    assert any('Its key {"id": 5} is held back: 22012 division by zero.' in line for line in lines)


def test_a_comparison_says_why_it_cannot_be_made(shop):
    store(shop)
    shop.run("UPDATE e.t SET b = 0 WHERE id = 5")
    shop.run("CALL refresh.tick()")
    with shop.raises("22012") as caught:
        shop.run("SELECT refresh.verify('e.s')")
    assert caught.value.diag.message_primary == "e.s cannot be compared: e.live raises an error"
    assert caught.value.diag.message_detail == "division by zero. Keys held back for such errors: 1."


def test_a_few_among_a_few_keys(shop):
    store(shop)
    shop.run("UPDATE e.t SET b = CASE WHEN id IN (3, 9) THEN 0 ELSE 4 END WHERE id <= 40")
    run = shop.row("SELECT * FROM refresh.run('e.s')")
    assert (run.mode, run.key_count, run.updated_count) == ("keys", 40, 38)
    assert held(shop) == [({"id": 3}, "22012"), ({"id": 9}, "22012")]
    # nobody asks again before its time
    assert shop.row("SELECT * FROM refresh.run('e.s')").mode == "none"
    assert not fresh(shop).needs_run


def test_a_healed_key_goes_through_by_its_change(shop):
    store(shop)
    shop.run("UPDATE e.t SET b = 0 WHERE id = 5")
    shop.run("CALL refresh.tick()")
    shop.run("UPDATE e.t SET b = 10 WHERE id = 5")
    shop.run("CALL refresh.tick()")
    assert held(shop) == []
    assert shop.value("SELECT ratio FROM e.s WHERE id = 5") == 0.5
    assert fresh(shop).freshness_status == "fresh"


def test_a_key_is_tried_again_when_its_time_has_come(shop):
    shop.run(
        "CREATE TABLE e.rate (one boolean PRIMARY KEY DEFAULT TRUE, value numeric NOT NULL); INSERT INTO e.rate VALUES (TRUE, 0)"
    )
    shop.run(
        "CREATE OR REPLACE VIEW e.live AS SELECT id, a / (b * (SELECT value FROM e.rate)) AS ratio FROM e.t WHERE id = 1"
    )
    shop.declare(STORE.replace("%s", "'1 minute'") + "SELECT refresh.affects('e.rate', 'e.s', 'none')")
    shop.run("CALL refresh.tick()")
    assert held(shop) == [({"id": 1}, "22012")]
    shop.run("UPDATE e.rate SET value = 1")
    assert not fresh(shop).needs_run
    shop.run("UPDATE refresh.held_keys SET retry_at = clock_timestamp()")
    assert fresh(shop).needs_run
    shop.run("CALL refresh.tick()")
    assert held(shop) == []
    assert shop.rows("SELECT id, ratio FROM e.s") == [(1, 1)]


def test_waits_double(shop):
    store(shop)
    shop.run("UPDATE e.t SET b = 0 WHERE id = 5")
    waits = []
    for _ in range(3):
        shop.run("CALL refresh.tick()")
        waits.append(
            shop.value("SELECT round(extract(EPOCH FROM retry_at - clock_timestamp())) FROM refresh.held_keys")
        )
        shop.run("UPDATE refresh.held_keys SET retry_at = clock_timestamp()")
    assert waits == [30, 60, 120]
    assert shop.value("SELECT held_since FROM refresh.held_keys") < shop.value("SELECT clock_timestamp()")


def test_the_first_run_and_a_rebuild_leave_out_what_cannot_be_computed(shop):
    shop.run("UPDATE e.t SET b = 0 WHERE id IN (1, 1000)")
    store(shop)
    assert shop.value("SELECT count(*) FROM e.s") == 998
    assert [key["id"] for key, _ in held(shop)] == [1, 1000]
    shop.run("UPDATE e.t SET b = 1 WHERE id = 1")
    assert shop.row("SELECT * FROM refresh.rebuild('e.s')").mode == "whole"
    assert [key["id"] for key, _ in held(shop)] == [1000]
    shop.run("DELETE FROM e.t WHERE id = 1000")
    shop.run("SELECT refresh.rebuild('e.s')")
    assert held(shop) == []
    assert shop.row("SELECT * FROM refresh.verify('e.s')").is_equal


def test_a_part_of_a_key_is_held_as_a_whole(shop):
    shop.run("CREATE OR REPLACE VIEW e.live AS SELECT id, a / b AS ratio, region FROM e.t")
    shop.declare("""
        SELECT refresh.store('e.s', 'e.live', key => '{region, id}', target_lag => '1 minute');
        SELECT refresh.affects('e.t', 'e.s', 'SELECT region FROM changed');""")
    shop.run("CALL refresh.tick()")
    shop.run("UPDATE e.t SET b = CASE id WHEN 12 THEN 0 ELSE 2 END WHERE id BETWEEN 11 AND 13")
    shop.run("CALL refresh.tick()")
    assert held(shop) == [({"region": "r2"}, "22012")]
    assert shop.rows("SELECT id, ratio FROM e.s WHERE id BETWEEN 11 AND 13 ORDER BY 1") == [
        (11, 5.5),
        (12, 12),
        (13, 6.5),
    ]
    shop.run("UPDATE e.t SET b = 3 WHERE id = 12")
    shop.run("CALL refresh.tick()")
    assert held(shop) == []
    assert shop.row("SELECT * FROM refresh.verify('e.s')").is_equal


def test_a_writer_of_a_view_without_lag_gets_no_error(shop):
    store(shop, "0")
    shop.run("UPDATE e.t SET b = CASE id WHEN 5 THEN 0 ELSE 2 END WHERE id < 8")
    assert held(shop) == [({"id": 5}, "22012")]
    assert shop.rows("SELECT id, ratio FROM e.s WHERE id IN (5, 6) ORDER BY 1") == [(5, 5), (6, 3)]
    shop.run("UPDATE e.t SET b = 1 WHERE id = 5")
    assert held(shop) == []
    assert shop.row("SELECT * FROM refresh.verify('e.s')").is_equal


def test_keys_of_many_types_come_back_as_they_were(shop):
    shop.run(r"""
        CREATE TYPE e.mood AS ENUM ('good', 'bad');
        CREATE TABLE e.odd (
            m e.mood, n numeric, f float8, t timestamptz, i interval, y bytea, x text COLLATE "C", u uuid, b numeric NOT NULL, v numeric
        );
        INSERT INTO e.odd VALUES
            ('bad', 1.50, 0.1::float8 / 3, '2025-03-30 01:30:00.123456+00', '1 mon -3 days 00:00:01', '\x00ff27', E'it''s {"a"}', gen_random_uuid(), 1, 0),
            (NULL, 'NaN', '-Infinity', 'infinity', NULL, '', '', NULL, 0, 7);
        CREATE VIEW e.odd_live AS SELECT m, n, f, t, i, y, x, u, sum(1 / b) AS total, max(v) AS v FROM e.odd GROUP BY m, n, f, t, i, y, x, u;
    """)
    shop.declare("""
        SELECT refresh.store('e.odd_s', 'e.odd_live', key => '{m, n, f, t, i, y, x, u}', target_lag => '1 minute');
        SELECT refresh.affects('e.odd', 'e.odd_s', 'SELECT m, n, f, t, i, y, x, u FROM changed');""")
    shop.run("CALL refresh.tick()")
    assert shop.value("SELECT count(*) FROM refresh.held_keys") == 1
    shop.run("UPDATE e.odd SET b = 0 WHERE b = 1")
    shop.run("CALL refresh.tick()")
    assert shop.value("SELECT count(*) FROM refresh.held_keys") == 2
    # disabled triggers would be noticed
    shop.session(shop.superuser_dsn).execute("SET session_replication_role = replica; UPDATE e.odd SET b = 2")
    shop.run(
        "UPDATE refresh.held_keys SET retry_at = clock_timestamp(); UPDATE refresh.view_state SET whole_reason = NULL"
    )
    assert shop.row("SELECT * FROM refresh.run('e.odd_s')").mode == "keys"
    assert shop.value("SELECT count(*) FROM refresh.held_keys") == 0
    assert shop.row("SELECT * FROM refresh.verify('e.odd_s')").is_equal


def test_an_error_of_the_definition_is_one_of_the_view(shop):
    store(shop)
    shop.run("CREATE OR REPLACE VIEW e.live AS SELECT id, count(*) OVER () * a AS ratio FROM e.t")
    shop.run(
        "CREATE FUNCTION e.broken(n numeric) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN nothing_there(n); END'"
    )
    shop.run("CREATE OR REPLACE VIEW e.live AS SELECT id, a / b AS ratio FROM e.t WHERE id > 0 OR e.broken(a) > 0")
    shop.run("CALL refresh.tick()")
    shop.run("CREATE OR REPLACE VIEW e.live AS SELECT id, e.broken(a) AS ratio FROM e.t")
    row = shop.row("SELECT * FROM refresh.try_run('e.s')")
    assert (row.mode, row.error_code) == ("failed", "42883")
    assert held(shop) == []


def test_a_declared_key_that_is_none_is_an_error_of_the_view(shop):
    store(shop)
    shop.run(
        "CREATE OR REPLACE VIEW e.live AS SELECT id, a / b AS ratio FROM e.t UNION ALL SELECT 5, 0 FROM e.t WHERE id = 1"
    )
    with pytest.raises(psycopg.errors.CardinalityViolation, match="several rows for one key"):
        shop.run("SELECT refresh.run('e.s')")
    assert held(shop) == []


def test_a_row_that_a_subquery_finds_twice_concerns_its_key_alone(shop):
    shop.run("CREATE TABLE e.note (id integer, text text)")
    shop.run(
        "CREATE OR REPLACE VIEW e.live AS SELECT id, (SELECT n.id FROM e.note AS n WHERE n.id = t.id)::numeric AS ratio FROM e.t AS t"
    )
    shop.declare(
        STORE.replace("%s", "'1 minute'") + "SELECT refresh.affects('e.note', 'e.s', 'SELECT id FROM changed')"
    )
    shop.run("CALL refresh.tick()")
    shop.run("INSERT INTO e.note VALUES (4, 'a'), (4, 'b'), (7, 'c')")
    shop.run("CALL refresh.tick()")
    assert held(shop) == [({"id": 4}, "21000")]
    assert shop.value("SELECT ratio FROM e.s WHERE id = 7") == 7


def test_too_many_keys_that_fail_are_an_error_of_the_view(shop):
    store(shop)
    shop.run("INSERT INTO e.t SELECT n, 'x', 1, 1 FROM generate_series(1001, 5000) AS n")
    shop.run("CALL refresh.tick()")
    shop.run("UPDATE e.t SET b = 0")
    row = shop.row("SELECT * FROM refresh.try_run('e.s')")
    assert (row.mode, row.error_code) == ("failed", "22012")
    assert held(shop) == []
    assert fresh(shop).failure_count == 1
