"""A change of any row of planning reaches every stored view that shows it: after a refresh by keys they equal their live twins.

One change after another, each in its own transaction that is rolled back, over the golden organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.golden import files, load
from tidemark.steps import finish

pytestmark = pytest.mark.once

GOLDEN = Path(__file__).parents[1] / "golden" / "planning"
DAY = "2026-02-16"
STORED = """
    SELECT sv.view_name, sv.live_name FROM refresh.stored_views AS sv LEFT JOIN refresh.dependency AS dep USING (view_id)
    WHERE sv.view_name LIKE 'planning.%'
    GROUP BY sv.view_name, sv.live_name ORDER BY coalesce(max(dep.distance), 0), sv.view_name
"""
FIRST = "(SELECT min(id::text)::uuid FROM planning.projects)"
CHANGES = {
    "actuals are corrected": "UPDATE planning.actuals SET capital_amount = capital_amount + 1, actual_cost = actual_cost + 1",
    "actuals move to another day": "UPDATE planning.actuals SET actual_date = actual_date + 400 WHERE external_worker_id IS NULL",
    "labor moves to another day": "UPDATE planning.actuals SET actual_date = actual_date + 1 WHERE external_worker_id IS NOT NULL",
    "labor moves to days to come": "UPDATE planning.actuals SET actual_date = actual_date + 400 WHERE external_worker_id IS NOT NULL",
    "actuals move to another project": f"UPDATE planning.actuals SET project_id = {FIRST} WHERE external_worker_id IS NULL",
    "labor moves to another project": f"UPDATE planning.actuals SET project_id = {FIRST} WHERE external_worker_id IS NOT NULL",
    "percentages grow": "UPDATE planning.actuals SET allocation_percentage = 100 WHERE allocation_percentage > 40",
    "a worker is called otherwise": "UPDATE planning.actuals SET external_worker_id = external_worker_id || 'x' WHERE allocation_percentage > 60",
    "actuals are deleted": "DELETE FROM planning.actuals WHERE actual_cost > 500",
    "everything booked is deleted": "TRUNCATE planning.actuals",
    "plans are cut": "UPDATE planning.resource_assignments SET capital_percentage = capital_percentage / 2 WHERE assignment_date > '2026-03-01'",
    "plans become placeholders": "UPDATE planning.resource_assignments SET capital_percentage = 0, expense_percentage = 0",
    "plans fill the day": "UPDATE planning.resource_assignments SET capital_percentage = 100 - expense_percentage",
    "plans move to another day": "UPDATE planning.resource_assignments SET assignment_date = assignment_date + 1000",
    "plans are deleted": "DELETE FROM planning.resource_assignments WHERE assignment_date > '2026-03-01'",
    "past plans are deleted": "DELETE FROM planning.resource_assignments WHERE assignment_date < '2026-02-01'",
    "a line is cancelled": "UPDATE planning.nonlabor_plan_lines SET status = 'CANCELLED' WHERE status = 'ACTIVE'",
    "a treatment changes": "UPDATE planning.nonlabor_plan_lines SET cost_treatment = 'EXPENSE'",
    "an occurrence is overridden": "UPDATE planning.nonlabor_plan_occurrences SET override_amount = 0",
    "an occurrence moves": "UPDATE planning.nonlabor_plan_occurrences SET occurrence_date = occurrence_date + 700",
    "rates change": "UPDATE planning.rates SET rate_amount = rate_amount * 2",
    "rates go": "DELETE FROM planning.rates",
    "rates are closed": "UPDATE planning.rates SET end_date = '2030-01-01' WHERE end_date IS NULL",
    "rates end earlier": "UPDATE planning.rates SET end_date = end_date - 1 WHERE end_date - 1 > start_date",
    "rates change their type": """UPDATE planning.rates SET worker_type_id = (SELECT id FROM planning.worker_types AS typ WHERE NOT EXISTS (
        SELECT FROM planning.rates AS rat WHERE rat.worker_type_id = typ.id) LIMIT 1) WHERE end_date IS NULL AND id IN (
        SELECT id FROM planning.rates WHERE end_date IS NULL LIMIT 1)""",
    "a type appears": "INSERT INTO planning.worker_types (type, description) VALUES ('new', 'new')",
    "workers change their type": "UPDATE planning.workers SET worker_type_id = (SELECT min(id::text)::uuid FROM planning.worker_types)",
    "the default rate changes": "UPDATE planning.settings SET default_rate = 1",
    "a budget changes": "UPDATE planning.project_phases SET labor_capital_budget = labor_capital_budget + 1, total_budget = total_budget + 1",
    "a phase ends earlier": "UPDATE planning.project_phases SET end_date = end_date - 1 WHERE end_date > start_date",
    "phases go": "DELETE FROM planning.project_phases",
    "a phase changes its project": f"""UPDATE planning.project_phases SET project_id = {FIRST}, start_date = start_date + 4000, end_date = end_date + 4000
        WHERE id = (SELECT max(id::text)::uuid FROM planning.project_phases)""",
    "projects start later": "UPDATE planning.projects SET start_date = start_date + 1 WHERE start_date + 1 < end_date",
    "projects start much earlier": "UPDATE planning.projects SET start_date = start_date - 2000",
    "a project appears": """INSERT INTO planning.projects
        (program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code)
        SELECT min(id::text)::uuid, 'n', 'b', 'm', 't', '2026-01-01', '2026-12-31', 'CC-NEW' FROM planning.programs""",
    "resources that only booked lose their workers": """UPDATE planning.resources SET worker_id = NULL, resource_role_id = NULL, resource_type = 'NON_LABOR'
        WHERE resource_type = 'LABOR' AND id NOT IN (SELECT resource_id FROM planning.resource_assignments)
            AND id IN (SELECT resource_id FROM planning.actuals)""",
    "roles are switched off": "UPDATE planning.user_roles SET is_active = false",
    "users are switched on": "UPDATE planning.users SET is_active = true",
}  # fmt: skip
PREPARED = {  # what the golden rows do not have
    "resources that only booked lose their workers": """DELETE FROM planning.resource_assignments WHERE resource_id = (
        SELECT resource_id FROM planning.actuals WHERE external_worker_id IS NOT NULL GROUP BY resource_id ORDER BY count(*) DESC LIMIT 1)""",
    "rates change their type": "INSERT INTO planning.worker_types (type, description) VALUES ('without a rate', 'd')",
    "users are switched on": "UPDATE planning.users SET is_active = false",
}  # fmt: skip
KEPT_BY_WRITERS = {"roles are switched off", "users are switched on"}  # target lag 0: a run finds nothing left to do


@pytest.fixture(scope="module", name="stored")
def _stored(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    with filled(server, applied_db) as connection:
        yield connection


@contextmanager
def filled(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    """The golden organisation with all stored views of planning filled for the day."""
    with server.database(applied_db) as name:
        tables = [file for path, file in files.find(GOLDEN).items() if path.startswith("data/")]
        with db.connect(server.dsn(name)) as connection:
            finish(load.load_tables(connection, "planning", tables))
        with psycopg.connect(server.dsn(name)) as connection:
            connection.execute(f"SET tidemark.as_of = '{DAY}'")
            refresh(connection)
            connection.commit()
            yield connection


def views(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Stored views and their live ones, sources first."""
    return dict(connection.execute(STORED).fetchall())


def refresh(connection: psycopg.Connection[Any]) -> int:
    """Runs every stored view; gives the number of stored rows that changed."""
    changed = 0
    for view in views(connection):
        query = "SELECT inserted_count + updated_count + deleted_count FROM refresh.run(%s)"
        changed += sum(count for (count,) in connection.execute(query, [view]).fetchall())
    return changed


def differing(connection: psycopg.Connection[Any]) -> list[str]:
    """Stored views whose rows are not those of their live view, which is computed from live rows throughout."""
    connection.execute("SET LOCAL tidemark.source = 'live'")
    found = []
    for view, live in views(connection).items():
        query = f"(TABLE {live} EXCEPT ALL TABLE {view}) UNION ALL (TABLE {view} EXCEPT ALL TABLE {live}) LIMIT 1"
        if connection.execute(query).fetchone():
            found.append(view)
    connection.execute("SET LOCAL tidemark.source = ''")
    return found


def test_all_stored_views_are_filled_and_right(stored: psycopg.Connection[Any]) -> None:
    assert len(views(stored)) == 7
    for view in views(stored):
        assert stored.execute(f"SELECT count(*) > 0 FROM {view}").fetchone() == (True,), view
    assert differing(stored) == []
    assert refresh(stored) == 0, "a second run finds something to do"
    stored.rollback()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reaches_the_stored_views(stored: psycopg.Connection[Any], change: str) -> None:
    try:
        if change in PREPARED:
            stored.execute(PREPARED[change])
            refresh(stored)
        assert stored.execute(CHANGES[change]).rowcount != 0
        changed = refresh(stored)
        assert differing(stored) == []
        assert changed > 0 or change in KEPT_BY_WRITERS, "no stored row shows this change: the case proves nothing"
    finally:
        stored.rollback()


def test_day_after_day_what_comes_due_is_enough(stored: psycopg.Connection[Any]) -> None:
    """By what is due alone, each day is what everything computed anew would be; most days leave most rows alone."""
    try:
        rows = sum(stored.execute(f"SELECT count(*) FROM {view}").fetchone()[0] for view in views(stored))  # type: ignore[index]
        days = ["2026-02-17", "2026-02-18", "2026-02-19", "2026-03-31", "2026-04-01", "2026-07-01", "2027-01-01"]
        for day in days:
            stored.execute(f"SET LOCAL tidemark.as_of = '{day}'")
            assert refresh(stored) < rows / 2, day
            assert differing(stored) == [], day
    finally:
        stored.rollback()


def test_a_clock_that_goes_back_is_followed(stored: psycopg.Connection[Any]) -> None:
    try:
        stored.execute("SET LOCAL tidemark.as_of = '2025-11-03'")
        refresh(stored)
        assert differing(stored) == []
    finally:
        stored.rollback()


def test_a_large_import_is_followed_by_its_projects_alone(stored: psycopg.Connection[Any]) -> None:
    """A thousand rows of three projects: the run compares keys of these, and what it makes is what a rebuild would."""
    try:
        stored.execute("""
            INSERT INTO planning.actuals (project_id, resource_id, external_worker_id, worker_name, allocation_percentage,
                actual_date, actual_cost, capital_amount, expense_amount)
            SELECT prj.id, res.id, wrk.external_id, wrk.name, 1, prj.start_date + n % 90, 10, 4, 6
            FROM generate_series(1, 1000) AS n
            JOIN LATERAL (SELECT id, start_date FROM planning.projects ORDER BY id OFFSET n % 3 LIMIT 1) AS prj ON true
            CROSS JOIN (SELECT id, worker_id FROM planning.resources WHERE resource_type = 'LABOR' ORDER BY id LIMIT 1) AS res
            JOIN planning.workers AS wrk ON wrk.id = res.worker_id""")
        for view in views(stored):
            mode, keys = stored.execute("SELECT mode, key_count FROM refresh.run(%s)", [view]).fetchone() or (None, 0)
            if view.endswith(("_by_project", "_by_window")):
                assert (mode, keys) == ("keys", 3 if view.endswith("_by_project") else keys), view
                assert 3 <= keys <= 30, view
        assert differing(stored) == []
        before = [
            stored.execute(f"SELECT * FROM {view} AS kept ORDER BY kept::text").fetchall() for view in views(stored)
        ]
        for view in views(stored):
            stored.execute("SELECT refresh.rebuild(%s)", [view])
        assert before == [
            stored.execute(f"SELECT * FROM {view} AS kept ORDER BY kept::text").fetchall() for view in views(stored)
        ]
    finally:
        stored.rollback()


def test_the_same_rows_make_the_same_stored_rows_in_another_database(
    stored: psycopg.Connection[Any], server: Any, applied_db: str
) -> None:
    with filled(server, applied_db) as other:
        for view in views(stored):
            query = f"SELECT kept::text FROM {view} AS kept ORDER BY 1"
            assert stored.execute(query).fetchall() == other.execute(query).fetchall(), view
    stored.rollback()
