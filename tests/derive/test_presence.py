"""Whether the clock decides which rows a view has: proved for what it does not, named with the construct for what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tidemark import db
from tidemark.derive import catalog, narrower
from tidemark.derive.catalog import Stored

pytestmark = pytest.mark.once

SETUP = """
    CREATE TABLE w.events (id integer PRIMARY KEY, order_id integer, starts_on date, at timestamptz);
    CREATE FUNCTION w.is_open(starts_on date, as_of date) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN as_of >= starts_on;
    CREATE FUNCTION w.is_open_now(starts_on date) RETURNS boolean LANGUAGE sql STABLE RETURN refresh.as_of_date() >= starts_on;
    CREATE FUNCTION w.first_day() RETURNS date LANGUAGE sql STABLE BEGIN ATOMIC SELECT min(e.starts_on) FROM w.events e; END;
    CREATE FUNCTION w.dark(day date) RETURNS boolean LANGUAGE plpgsql STABLE AS 'BEGIN RETURN day <= refresh.as_of_date(); END';
    CREATE FUNCTION w.before(day date, other date) RETURNS boolean LANGUAGE sql STABLE RETURN day < least(other, refresh.as_of_date());
    CREATE OPERATOR w.<<< (LEFTARG = date, RIGHTARG = date, FUNCTION = w.before);
    CREATE FUNCTION w.earlier(day date, other date) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN day < other;
    CREATE OPERATOR w.<<| (LEFTARG = date, RIGHTARG = date, FUNCTION = w.earlier);
    CREATE FUNCTION w.days(until date) RETURNS SETOF date LANGUAGE sql IMMUTABLE
        BEGIN ATOMIC SELECT d::date FROM generate_series(date '2025-01-01', until, interval '1 day') AS d; END;
    CREATE VIEW w.open_now AS SELECT e.id FROM w.events e WHERE e.starts_on <= refresh.as_of_date();
    CREATE VIEW w.shown AS SELECT e.id, e.starts_on <= refresh.as_of_date() AS is_open, e.starts_on FROM w.events e;
"""

CLOCK = "WITH clock AS MATERIALIZED (SELECT refresh.as_of_date() AS as_of, refresh.time_zone() AS zone) "

# The clock decides what stands in a row, and no row comes or goes with it.
PROVED = {
    "a value": "SELECT e.id, e.starts_on <= refresh.as_of_date() AS is_open FROM w.events e",
    "a clock of its own": CLOCK
    + "SELECT e.id, e.starts_on <= clock.as_of AS is_open FROM w.events e CROSS JOIN clock",
    "the zone decides": CLOCK
    + "SELECT e.id FROM w.events e, clock WHERE (e.at AT TIME ZONE clock.zone)::date > '2025-01-01'",
    "a rule that is given the day": CLOCK
    + "SELECT e.id, w.is_open(e.starts_on, clock.as_of) AS is_open FROM w.events e, clock",
    "a stable function without the clock": "SELECT e.id, refresh.now() AS t FROM w.events e WHERE e.starts_on = w.first_day()",
    "an operator without the clock": "SELECT e.id, refresh.now() AS t FROM w.events e WHERE e.starts_on OPERATOR(w.<<|) '2025-01-01'",
    "one row a group": "SELECT e.order_id AS id, count(*) FILTER (WHERE e.starts_on <= refresh.as_of_date()) AS n "
    "FROM w.events e GROUP BY e.order_id",
    "an aggregate over what comes and goes": CLOCK
    + "SELECT o.id, due.n FROM w.orders o CROSS JOIN clock CROSS JOIN LATERAL "
    "(SELECT count(*) AS n FROM w.events e WHERE e.order_id = o.id AND e.starts_on <= clock.as_of) AS due",
    "at most one row that may be missing": CLOCK
    + "SELECT o.id, last.starts_on FROM w.orders o CROSS JOIN clock LEFT JOIN LATERAL "
    "(SELECT e.starts_on FROM w.events e WHERE e.order_id = o.id AND e.starts_on <= clock.as_of ORDER BY e.starts_on DESC LIMIT 1) "
    "AS last ON TRUE",
    "a scalar subquery": "SELECT o.id, (SELECT max(e.id) FROM w.events e WHERE e.order_id = o.id AND e.at < refresh.now()) AS e FROM w.orders o",
    "EXISTS as a value": "SELECT o.id, EXISTS (SELECT FROM w.events e WHERE e.order_id = o.id AND e.at < refresh.now()) AS e FROM w.orders o",
    "a count in WHERE that is not of the clock": "SELECT o.id, refresh.now() AS t FROM w.orders o "
    "WHERE (SELECT count(*) FROM w.events e WHERE e.order_id = o.id) > 1",
    "DISTINCT ON by what the clock orders": "SELECT DISTINCT ON (e.order_id) e.order_id AS id, e.starts_on FROM w.events e "
    "ORDER BY e.order_id, e.starts_on <= refresh.as_of_date() DESC, e.id",
    "a window": "SELECT e.id, rank() OVER (ORDER BY e.starts_on <= refresh.as_of_date(), e.id) AS place FROM w.events e",
    "UNION ALL": "SELECT e.id, refresh.now() AS t FROM w.events e UNION ALL SELECT -o.id, NULL FROM w.orders o",
    "UNION of fixed columns": "SELECT u.id, refresh.now() AS t FROM (SELECT e.id FROM w.events e UNION SELECT o.id FROM w.orders o) AS u",
    "WITH RECURSIVE beside the clock": "WITH RECURSIVE up AS (SELECT c.id, c.parent_id FROM w.customers c UNION "
    "SELECT up.id, c.parent_id FROM up JOIN w.customers c ON c.id = up.parent_id) "
    "SELECT up.id, max(up.parent_id) AS root, refresh.now() AS t FROM up GROUP BY up.id",
    "a view below that shows it": "SELECT s.id, s.is_open FROM w.shown s WHERE s.starts_on > '2025-01-01'",
    "a function of the day in FROM, one row": "SELECT e.id, e.starts_on <= clock.as_of AS is_open "
    "FROM w.events e CROSS JOIN refresh.as_of_date() AS clock (as_of)",
    "VALUES": "SELECT v.id, v.t FROM (VALUES (1, refresh.now()), (2, NULL)) AS v (id, t)",
    "a set of the clock below an aggregate": "SELECT o.id, (SELECT count(*) FROM w.days(refresh.as_of_date()) AS d) AS n FROM w.orders o",
    "a named window": "SELECT e.id, rank() OVER byday AS place FROM w.events e WINDOW byday AS (ORDER BY e.starts_on < refresh.as_of_date())",
    "two columns of one name": "SELECT b.id FROM (SELECT e.id, 1 + e.id, 2 + e.id, refresh.now() FROM w.events e) "
    "AS b (id, one, two, t) WHERE b.two > 2",
}

# Rows come or go; the beginning of what is told.
NAMED = {
    "SELECT e.id FROM w.events e WHERE e.starts_on <= refresh.as_of_date()": "WHERE asks the clock",
    CLOCK + "SELECT e.id FROM w.events e CROSS JOIN clock WHERE e.starts_on <= clock.as_of": "WHERE asks the clock",
    CLOCK + "SELECT e.id FROM w.events e JOIN clock ON e.starts_on <= clock.as_of": "a join condition asks the clock",
    "SELECT e.id FROM w.events e JOIN (SELECT refresh.as_of_date() AS starts_on) AS c USING (starts_on)": "a join condition asks the clock",
    "SELECT e.id FROM w.events e LEFT JOIN w.events o ON o.at < refresh.now()": "a join condition asks the clock",
    "SELECT e.id FROM w.events e FULL JOIN (SELECT 1 AS x WHERE refresh.now() > '2025-01-01') AS o ON o.x = e.id": "WHERE asks the clock",
    "SELECT e.order_id AS id FROM w.events e GROUP BY e.order_id HAVING max(e.starts_on) <= refresh.as_of_date()": "HAVING asks the clock",
    "SELECT e.order_id AS id FROM w.events e GROUP BY e.order_id HAVING count(*) FILTER (WHERE e.at < refresh.now()) > 0": "HAVING asks",
    "SELECT 1 AS id FROM w.events e WHERE e.at < refresh.now() HAVING count(*) > 0": "HAVING asks the clock",
    "SELECT DISTINCT e.order_id AS id, e.at < refresh.now() AS past FROM w.events e": "DISTINCT compares a column",
    "SELECT DISTINCT ON (e.at < refresh.now()) e.id FROM w.events e": "DISTINCT ON asks the clock",
    "SELECT DISTINCT ON (e.order_id) e.id FROM w.events e ORDER BY e.order_id, e.at < refresh.now()": "its key, id",
    "SELECT e.id FROM w.events e ORDER BY e.at < refresh.now(), e.id LIMIT 3": "its key, id",
    "SELECT e.id FROM w.events e ORDER BY e.at < refresh.now() FETCH FIRST 3 ROWS WITH TIES": "LIMIT WITH TIES",
    "SELECT e.id FROM w.events e ORDER BY e.id LIMIT (refresh.as_of_date() - '2025-01-01')": "LIMIT asks the clock",
    "SELECT r.id FROM (SELECT e.id, rank() OVER (ORDER BY e.at < refresh.now(), e.id) AS n FROM w.events e) AS r WHERE r.n < 4": "WHERE asks",
    "SELECT r.id FROM (SELECT e.id, rank() OVER byday AS n FROM w.events e WINDOW byday AS (ORDER BY e.at < refresh.now())) AS r "
    "WHERE r.n < 4": "WHERE asks",
    "SELECT r.id FROM (SELECT e.id, refresh.now() AS t FROM w.events e UNION SELECT o.id, NULL FROM w.orders o) AS r": "UNION compares",
    "SELECT e.id FROM w.events e EXCEPT SELECT o.id FROM w.events o WHERE o.at < refresh.now()": "WHERE asks the clock",
    "SELECT e.id + (refresh.as_of_date() - e.starts_on) AS id FROM w.events e": "its key, id changes with the clock",
    "SELECT e.order_id + (refresh.as_of_date() - date '2025-01-01') AS id, count(*) AS n FROM w.events e GROUP BY 1": "GROUP BY asks the clock",
    "SELECT o.id FROM w.orders o WHERE EXISTS (SELECT FROM w.events e WHERE e.order_id = o.id AND e.at < refresh.now())": "WHERE asks the clock",
    "SELECT o.id FROM w.orders o WHERE o.id IN (SELECT e.order_id FROM w.events e WHERE e.at < refresh.now())": "WHERE asks the clock",
    "SELECT o.id FROM w.orders o WHERE (SELECT count(*) FROM w.events e WHERE e.at < refresh.now()) > 2": "WHERE asks the clock",
    "SELECT e.id, d FROM w.events e, generate_series(e.starts_on, refresh.as_of_date(), interval '1 day') AS d": "a function in FROM takes",
    "SELECT e.id, generate_series(1, refresh.as_of_date() - e.starts_on) AS n FROM w.events e": "a function that returns rows",
    "SELECT e.id, d.day FROM w.events e CROSS JOIN w.days(refresh.as_of_date()) AS d (day)": "a function in FROM takes",
    "SELECT n.id FROM w.open_now n": "WHERE asks the clock",
    "SELECT s.id FROM w.shown s WHERE s.is_open": "WHERE asks the clock",
    "SELECT e.id FROM w.events e WHERE w.is_open_now(e.starts_on)": "WHERE asks w.is_open_now()",
    "SELECT e.id, refresh.now() AS t FROM w.events e WHERE w.dark(e.starts_on)": "WHERE asks w.dark()",
    "SELECT e.id FROM w.events e WHERE e.starts_on OPERATOR(w.<<<) '2025-01-01'": "WHERE asks operator w.<<<",
    "SELECT e.id, refresh.now() AS t FROM w.events e TABLESAMPLE BERNOULLI (50) REPEATABLE (1)": "TABLESAMPLE is not looked into",
    "SELECT o.id, e.id AS e FROM w.orders o CROSS JOIN LATERAL (SELECT e.id FROM w.events e WHERE e.order_id = o.id "
    "AND e.at < refresh.now() ORDER BY e.id LIMIT 1) AS e": "WHERE asks the clock",
    "SELECT o.id, e.id AS e FROM w.orders o LEFT JOIN LATERAL (SELECT e.id FROM w.events e WHERE e.order_id = o.id "
    "AND e.at < refresh.now()) AS e ON TRUE": "WHERE asks the clock",
    "WITH RECURSIVE up AS (SELECT c.id, c.parent_id, FALSE AS past FROM w.customers c UNION ALL SELECT c.id, c.parent_id, refresh.now() "
    "> '2025-01-01' FROM up JOIN w.customers c ON c.id = up.parent_id) SELECT up.id FROM up WHERE up.past": "WHERE asks the clock",
    "SELECT b.id FROM (SELECT 1 + e.id, e.id, refresh.now() FROM w.events e) AS b (x, id, t) WHERE b.t > '2025-01-01'": "WHERE asks the clock",
    "SELECT u.id FROM (SELECT e.id, 1, 2, e.at < refresh.now() FROM w.events e UNION ALL SELECT o.id, 1, 2, TRUE FROM w.orders o) "
    "AS u (id, a, b, past) WHERE u.past": "WHERE asks the clock",
}  # fmt: skip


@pytest.fixture(scope="module")
def base(server: Any, applied_db: str, harness: Any) -> Iterator[db.Connection]:
    with server.database(applied_db) as name, db.connect(server.owner_dsn(name)) as connection:
        harness.create(connection)
        connection.execute(SETUP)
        yield connection


def gap_of(base: db.Connection, view: str) -> str | None:
    with base.transaction(force_rollback=True):
        base.execute(f"CREATE VIEW w.live AS {view}")
        sources = tuple(
            row.name
            for row in base.execute(
                "SELECT DISTINCT object_name AS name FROM refresh_internal.objects_of('w.live'::regclass) WHERE object_kind = 'table'"
            ).fetchall()
        )
        return catalog.clock_gap(base, Stored("w.kept", "w.live", ("id",), sources))


@pytest.mark.parametrize("view", PROVED.values(), ids=PROVED)
def test_a_view_of_which_only_values_change_is_proved(base: db.Connection, view: str) -> None:
    assert gap_of(base, view) is None


@pytest.mark.parametrize("view", NAMED, ids=range(len(NAMED)))
def test_what_lets_rows_come_and_go_is_named_with_a_remedy(base: db.Connection, view: str) -> None:
    gap = gap_of(base, view)
    assert gap is not None
    assert gap.startswith(NAMED[view])
    assert narrower.by_time(gap)


def test_every_view_shipped_with_a_due_column_is_proved(base: db.Connection) -> None:
    rows = base.execute(
        "SELECT view_name, clock_gap FROM refresh.stored_views WHERE due_column IS NOT NULL"
    ).fetchall()
    assert len(rows) >= 4
    assert {row.view_name: row.clock_gap for row in rows if row.clock_gap} == {}
