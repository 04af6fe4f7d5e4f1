"""Stored views that switch together: no statement sees one before a change and the other after it."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

TABLES = """
CREATE SCHEMA g;
CREATE TABLE g.line (line_id integer PRIMARY KEY, day integer NOT NULL, article integer NOT NULL, amount integer NOT NULL);
INSERT INTO g.line SELECT n, n % 5, n % 7, 1 FROM generate_series(1, 70) AS n;
CREATE VIEW g.day_live AS SELECT day, sum(amount) AS amount FROM g.line GROUP BY day;
CREATE VIEW g.article_live AS SELECT article, sum(amount) AS amount FROM g.line GROUP BY article;
"""
STORE = """
SELECT refresh.store('g.by_day', 'g.day_live', key => '{day}', target_lag => '1 minute');
SELECT refresh.affects('g.line', 'g.by_day', 'SELECT day FROM changed');
SELECT refresh.store('g.by_article', 'g.article_live', key => '{article}', target_lag => '1 minute');
SELECT refresh.affects('g.line', 'g.by_article', 'SELECT article FROM changed');
"""
TOGETHER = "SELECT refresh.together('g.sales', '{g.by_day, g.by_article}');"
TOTALS = "SELECT (SELECT sum(amount) FROM g.by_day) AS day, (SELECT sum(amount) FROM g.by_article) AS article"


@pytest.fixture
def sales(engine: Any) -> Any:
    engine.run(TABLES)
    engine.declare(STORE + TOGETHER)
    engine.run("CALL refresh.tick()")
    return engine


def test_a_run_of_one_takes_the_others_along(sales):
    sales.run("UPDATE g.line SET amount = 10 WHERE line_id = 1")
    assert sales.row("SELECT * FROM refresh.run('g.by_day')").mode == "keys"
    assert sales.row(TOTALS) == (79, 79)
    assert [row.view_name for row in sales.rows("SELECT * FROM refresh.runs WHERE mode = 'keys' ORDER BY 1")] == [
        "g.by_article",
        "g.by_day",
    ]
    assert any("together with g.by_article" in line for (line,) in sales.rows("SELECT refresh.explain('g.by_day')"))


def test_a_round_counts_all_members_and_runs_them_once(sales):
    sales.run("UPDATE g.line SET amount = 10 WHERE line_id = 1")
    assert sales.row("CALL refresh.tick()").run_count == 2
    assert sales.row(TOTALS) == (79, 79)
    assert sales.value("SELECT count(*) FROM refresh.runs WHERE mode = 'keys'") == 2


def test_a_failing_member_holds_back_the_others(sales):
    sales.run("""
        CREATE FUNCTION g.refuse(n bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN RAISE EXCEPTION 'not ready' USING ERRCODE = 'object_not_in_prerequisite_state'; END $$;
        CREATE OR REPLACE VIEW g.article_live AS SELECT article, g.refuse(sum(amount)) AS amount FROM g.line GROUP BY article""")
    sales.run("UPDATE g.line SET amount = 10 WHERE line_id = 1")
    assert sales.row("CALL refresh.tick()").failed_count >= 1
    assert sales.row(TOTALS) == (70, 70)


def test_the_lag_is_that_of_the_oldest(sales):
    sales.run("CREATE TABLE g.name (article integer PRIMARY KEY, name text); INSERT INTO g.name VALUES (1, 'one')")
    sales.run(
        "CREATE OR REPLACE VIEW g.article_live AS SELECT article, sum(amount) + (SELECT count(*) FROM g.name) AS amount FROM g.line GROUP BY article"
    )
    with sales.main.transaction():
        sales.run("SELECT refresh.affects('g.name', 'g.by_article', 'all')")
    sales.run("CALL refresh.tick()")
    sales.run("UPDATE g.name SET name = 'uno'")
    rows = sales.rows("SELECT view_name, lag FROM refresh.freshness ORDER BY 1")
    assert rows[0].lag == rows[1].lag
    assert rows[0].lag.total_seconds() > 0


def test_a_stored_view_below_a_member_goes_along(sales):
    sales.run("CREATE VIEW g.best_live AS SELECT 1 AS one, max(amount) AS amount FROM g.by_day")
    sales.declare("""
        SELECT refresh.store('g.best', 'g.best_live', key => '{one}', target_lag => '1 minute');
        SELECT refresh.affects('g.by_day', 'g.best', 'all');
        SELECT refresh.together('g.sales', '{}');
        SELECT refresh.together('g.best', '{g.best, g.by_article}');""")
    sales.run("CALL refresh.tick()")
    sales.run("UPDATE g.line SET amount = 100 WHERE line_id = 1")
    sales.run("SELECT refresh.run('g.by_article')")
    assert sales.value("SELECT amount FROM g.best") == 113
    assert sales.row(TOTALS) == (169, 169)


def test_what_cannot_be_joined_is_refused(sales):
    sales.run("CREATE VIEW g.now_live AS SELECT line_id, amount FROM g.line")
    sales.declare("""
        SELECT refresh.store('g.now', 'g.now_live', key => '{line_id}', target_lag => '0');
        SELECT refresh.affects('g.line', 'g.now', 'SELECT line_id FROM changed');""")
    with sales.raises("22023"):
        sales.run("SELECT refresh.together('g.x', '{g.now}')")
    with sales.raises("42710"):
        sales.run("SELECT refresh.together('g.x', '{g.by_day}')")
    with sales.raises("42704"):
        sales.run("SELECT refresh.together('g.x', '{g.nothing}')")
    with sales.raises("22023"):
        sales.run("SELECT refresh.together('', '{}')")
    sales.run("SELECT refresh.drop_view('g.by_day')")
    assert sales.value("SELECT count(*) FROM refresh.grouped_views") == 1


def test_no_reader_sees_a_mixture(sales):
    """A writer and a tick without pause beside readers that compare; every committed state has equal totals."""
    stop = threading.Event()
    errors: list[BaseException] = []

    def forever(statement: str) -> None:
        try:
            with psycopg.connect(sales.dsn, autocommit=True) as connection:
                while not stop.is_set():
                    connection.execute(statement)
        except BaseException as problem:
            errors.append(problem)

    workers = [
        threading.Thread(target=forever, args=(statement,))
        for statement in (
            "UPDATE g.line SET amount = amount + 1 WHERE line_id = 1 + floor(random() * 70)::integer",
            "CALL refresh.tick()",
        )
    ]
    for worker in workers:
        worker.start()
    try:
        seen: list[tuple[Any, ...]] = []
        # on a busy machine rounds are slow and reads are not
        while len(seen) < 2000 or (len(set(seen)) < 4 and len(seen) < 200_000 and not errors):
            seen.append(tuple(sales.row(TOTALS)))
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert errors == []
    assert [pair for pair in seen if pair[0] != pair[1]] == []
    assert len(set(seen)) > 3, "nothing was refreshed meanwhile"
    sales.run("CALL refresh.tick()")
    assert all(sales.row("SELECT * FROM refresh.verify(%s)", view).is_equal for view in ("g.by_day", "g.by_article"))
