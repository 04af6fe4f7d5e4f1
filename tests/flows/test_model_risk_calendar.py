"""Three years, day by day: what a row says about its next change is true, neither early nor late.

Each live view is computed afresh for every day. Carrying rows over until their day comes, and computing only those
again, gives the same table exactly when no row differs from the day before unless that day had been announced.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.golden import files, load
from tidemark.steps import finish

GOLDEN = Path(__file__).parents[1] / "golden" / "model_risk"
FIRST, LAST = "2023-07-01", "2026-06-30"
DAYS = 1096


@pytest.fixture(scope="module", name="golden_db")
def _golden_db(server: Any, applied_db: str) -> Iterator[str]:
    with server.database(applied_db) as name:
        tables = [file for path, file in files.find(GOLDEN).items() if path.startswith("tables/")]
        with db.connect(server.dsn(name)) as connection:
            finish(load.load_tables(connection, "model_risk", tables))
        yield server.dsn(name)


def keep(connection: psycopg.Connection[Any], view: str, first: str, last: str) -> None:
    """Fills the temporary table ``kept``: the rows of a view on each day, both ends included."""
    connection.execute(
        "SET LOCAL tidemark.source = 'live'; SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan"
    )
    connection.execute(
        f"CREATE TEMPORARY TABLE kept AS SELECT NULL::date AS as_of, view.* FROM {view} AS view WITH NO DATA"
    )
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        connection.execute("SELECT set_config('tidemark.as_of', %s, true)", [day.isoformat()])
        connection.execute(f"INSERT INTO kept SELECT %s::date, view.* FROM {view} AS view", [day], prepare=True)
        day += timedelta(days=1)
    connection.execute("ANALYZE kept")


def columns_of(connection: psycopg.Connection[Any]) -> str:
    """All columns of ``kept`` that the view filled, but for the announced day."""
    names = connection.execute("""
        SELECT attname FROM pg_attribute
        WHERE attrelid = 'kept'::regclass AND attnum > 0 AND attname NOT IN ('as_of', 'next_change_on')
    """).fetchall()
    return ", ".join(f"kept.{name}" for (name,) in names)


@pytest.fixture(scope="module", name="statuses")
def _statuses(golden_db: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose table ``kept`` has the statuses of all golden models on each day of three years."""
    with psycopg.connect(golden_db) as connection:
        keep(connection, "model_risk.model_status", FIRST, LAST)
        yield connection
        connection.rollback()


# Columns of one subject, the day announced for them, and what is announced
SUBJECTS = {
    "revalidation": ("revalidation_status, is_overdue", "revalidation_change_on"),
    "approval": (
        "approval_status, is_approval_overdue, substantive_request_id, substantive_request_status",
        "approval_change_on",
    ),
    "models list": ("validation_status", "validation_change_on"),
    "whole row": ("*", "next_change_on"),
}
CHANGES = """
    SELECT step.{key}, step.as_of, step.announced_on FROM (
        SELECT
            kept.{key}, kept.as_of, ROW({columns}) AS now, lag(ROW({columns})) OVER day AS before,
            lag(kept.{due}) OVER day AS announced_on, lag(kept.as_of) OVER day AS day_before
        FROM kept WINDOW day AS (PARTITION BY kept.{key} ORDER BY kept.as_of)
    ) AS step
    WHERE step.day_before IS NOT NULL AND {condition} LIMIT 10
"""
CHANGED = "step.now IS DISTINCT FROM step.before"
ANNOUNCED = "coalesce(step.announced_on = step.as_of, false)"


def steps(
    connection: psycopg.Connection[Any], columns: str, due: str, condition: str, key: str = "model_id"
) -> list[Any]:
    """Rows that meet the condition, each compared with the same row of the day before."""
    columns = columns_of(connection) if columns == "*" else columns
    return connection.execute(CHANGES.format(columns=columns, due=due, condition=condition, key=key)).fetchall()


def test_the_walk_is_complete(statuses: psycopg.Connection[Any]) -> None:
    assert statuses.execute(
        "SELECT count(DISTINCT as_of), count(*) / count(DISTINCT model_id) FROM kept"
    ).fetchone() == (DAYS, DAYS)
    moved = statuses.execute("SELECT count(*) FROM kept WHERE next_change_on = as_of + 1").fetchone()
    assert moved is not None
    assert moved[0] > 900, "hardly anything ever changes"


@pytest.mark.parametrize(("columns", "due"), SUBJECTS.values(), ids=SUBJECTS)
def test_nothing_changes_unannounced(statuses: psycopg.Connection[Any], columns: str, due: str) -> None:
    assert steps(statuses, columns, due, f"{CHANGED} AND NOT {ANNOUNCED}") == []


@pytest.mark.parametrize(("columns", "due"), SUBJECTS.values(), ids=SUBJECTS)
def test_nothing_is_announced_in_vain(statuses: psycopg.Connection[Any], columns: str, due: str) -> None:
    assert steps(statuses, columns, due, f"NOT ({CHANGED}) AND {ANNOUNCED}") == []


@pytest.mark.parametrize("due", [due for _, due in SUBJECTS.values()])
def test_an_announced_day_lies_ahead_and_stays(statuses: psycopg.Connection[Any], due: str) -> None:
    assert statuses.execute(f"SELECT model_id, as_of FROM kept WHERE {due} <= as_of LIMIT 10").fetchall() == []
    assert (
        statuses.execute(f"""
        SELECT model_id, as_of FROM (
            SELECT model_id, as_of, {due}, lag({due}) OVER (PARTITION BY model_id ORDER BY as_of) AS before FROM kept
        ) AS step WHERE before > as_of AND {due} IS DISTINCT FROM before LIMIT 10
    """).fetchall()
        == []
    )


@pytest.mark.parametrize(
    ("status", "promise", "due"),
    [
        ("revalidation_status", "next_revalidation_status", "revalidation_change_on"),
        ("approval_status", "next_approval_status", "approval_change_on"),
        ("validation_status", "next_validation_status", "validation_change_on"),
    ],
)
def test_what_comes_is_what_was_promised(
    statuses: psycopg.Connection[Any], status: str, promise: str, due: str
) -> None:
    assert (
        statuses.execute(f"""
        SELECT model_id, as_of, {status}, promised FROM (
            SELECT kept.*, lag({promise}) OVER day AS promised, lag({due}) OVER day AS announced_on
            FROM kept WINDOW day AS (PARTITION BY model_id ORDER BY as_of)
        ) AS step WHERE announced_on = as_of AND {status} IS DISTINCT FROM promised LIMIT 10
    """).fetchall()
        == []
    )


def test_every_status_occurs_on_the_way(statuses: psycopg.Connection[Any]) -> None:
    for column, codes in [
        ("revalidation_status", "revalidation_status_code"),
        ("approval_status", "approval_status_code"),
        ("validation_status", "validation_status_code"),
    ]:
        missing = statuses.execute(
            f"SELECT code FROM model_risk.{codes} WHERE code NOT IN (SELECT {column} FROM kept WHERE {column} IS NOT NULL)"
        )
        assert missing.fetchall() == []


@pytest.mark.parametrize(
    ("view", "key"), [("model_risk.kpi_fact", "model_id"), ("model_risk.kpi_programme", "programme_id")]
)
def test_no_figure_of_the_report_changes_before_its_day(golden_db: str, view: str, key: str) -> None:
    with psycopg.connect(golden_db) as connection:
        keep(connection, view, "2025-01-01", "2026-01-31")
        assert steps(connection, "*", "next_change_on", f"{CHANGED} AND NOT {ANNOUNCED}", key) == []
        connection.rollback()
