"""The made-up organisation of planning: repeatable, whole, plausible, with its edges, and right when it is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.errors import DatabaseRefused
from tidemark.generate import Request, generate
from tidemark.golden import files, load
from tidemark.steps import finish

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2025, 6, 30)
PROJECTS = 24  # few: not everybody finds work on every day, so there is less of it than in a large company

# All rows of 3 projects with seed 1, without the moments at which they were stored. Another figure means that the
# same request now gives other rows: say so in CHANGELOG.md.
FINGERPRINT_OF_3 = "b485c44c8b546060"
DEFINITIONS = """
    SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'planning'::regnamespace
    UNION ALL
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) || indisvalid FROM pg_index
    WHERE indrelid::regclass::text LIKE 'planning.%' ORDER BY 1, 2
"""


@pytest.fixture(scope="module", name="company")
def _company(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database with 24 projects; tests read only."""
    with server.database(applied_db) as name:
        with db.connect(server.owner_dsn(name)) as connection:
            finish(generate(connection, "planning", Request(PROJECTS, AS_OF)))
        with psycopg.connect(server.dsn(name), autocommit=True, options=f"-c tidemark.as_of={AS_OF}") as connection:
            yield connection


@pytest.fixture
def connection(fresh_db: str) -> Iterator[db.Connection]:
    with db.connect(fresh_db) as connection:
        yield connection


def value(connection: Any, query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def share(connection: Any, condition: str, rows: str) -> float:
    """Per cent of some rows that meet a condition."""
    return float(value(connection, f"SELECT 100.0 * count(*) FILTER (WHERE {condition}) / count(*) FROM {rows}"))


def test_the_same_request_gives_the_same_rows_on_every_server(connection: db.Connection) -> None:
    digest = hashlib.sha256()
    for table in finish(generate(connection, "planning", Request(3, AS_OF))):
        rows = value(
            connection,
            f"""
            SELECT string_agg(one.hash, '' ORDER BY one.hash)
            FROM planning.{table.table} AS t
            CROSS JOIN LATERAL (SELECT md5((to_jsonb(t) - '{{created_at,updated_at}}'::text[])::text) AS hash) AS one
            """,
        )
        digest.update(f"{table.table} {rows}".encode())
    assert digest.hexdigest()[:16] == FINGERPRINT_OF_3


@pytest.mark.parametrize(
    ("per_project", "within", "table"),
    [(3000, 0.2, "actuals"), (3500, 0.2, "resource_assignments"), (2.7, 0.3, "project_phases"),
     (13 / 3, 0.1, "workers"), (2.1, 0.5, "nonlabor_plan_lines"), (5 / 4, 0.1, "users")],
)  # fmt: skip
def test_rows_grow_with_the_projects(
    company: psycopg.Connection[Any], per_project: float, within: float, table: str
) -> None:
    assert value(company, f"SELECT count(*) FROM planning.{table}") / PROJECTS == pytest.approx(
        per_project, rel=within
    )


WORKER_DAYS = """(
    SELECT resource_id, assignment_date, sum(capital_percentage + expense_percentage) AS total, count(*) AS projects
    FROM planning.resource_assignments GROUP BY 1, 2
) AS days"""
PAST = f"(SELECT * FROM planning.resource_assignments WHERE assignment_date <= '{AS_OF}' AND capital_percentage + expense_percentage > 0) AS plan"
BOOKED = """EXISTS (
    SELECT FROM planning.actuals AS act
    WHERE act.project_id = plan.project_id AND act.resource_id = plan.resource_id AND act.actual_date = plan.assignment_date
)"""


@pytest.mark.parametrize(
    ("condition", "rows", "expected", "within"),
    [
        ("total > 100", WORKER_DAYS, 0.4, 0.25),
        ("total = 100", WORKER_DAYS, 25, 6),
        ("projects = 1", WORKER_DAYS, 58, 6),
        ("capital_percentage = 0 AND expense_percentage = 0", "planning.resource_assignments", 1, 0.6),
        ("extract(isodow FROM assignment_date) > 5", "planning.resource_assignments", 3, 0.6),
        ("external_worker_id IS NOT NULL", "planning.actuals", 91, 4),
        (BOOKED, PAST, 79, 8),
        ("status = 'CANCELLED'", "planning.nonlabor_plan_lines", 15, 15),
        ("override_amount IS NOT NULL", "planning.nonlabor_plan_occurrences", 10, 6),
        ("rat.id IS NULL", "planning.worker_types AS typ LEFT JOIN planning.rates AS rat ON rat.worker_type_id = typ.id "
         "AND current_date BETWEEN rat.start_date AND coalesce(rat.end_date, 'infinity')", 4, 1),
    ],
)  # fmt: skip
def test_shares_are_those_of_a_company(
    company: psycopg.Connection[Any], condition: str, rows: str, expected: float, within: float
) -> None:
    assert share(company, condition, rows) == pytest.approx(expected, abs=within)


@pytest.mark.parametrize(
    ("name", "budget_status", "completion_status", "forecast"),
    [
        ("forecast at 1.05 of the budget", "on_track", "in_progress", 1050),
        ("forecast a cent above 1.05", "at_risk", "in_progress", "1050.01"),
        ("forecast at 1.10 of the budget", "at_risk", "in_progress", 1100),
        ("forecast a cent above 1.10", "over_budget", "in_progress", "1100.01"),
        ("actual at 90 per cent", "on_track", "near_complete", 0),
        ("actual at 100 per cent", "on_track", "complete", 0),
        ("overdue and all spent", "on_track", "in_progress", 0),
        ("overdue and more spent", "on_track", "in_progress", 0),
        ("planned for the day itself", "on_track", "in_progress", 300),
        ("no phase", "over_budget", "in_progress", 100),
    ],
)
def test_edges_lie_where_they_say(
    company: psycopg.Connection[Any], name: str, budget_status: str, completion_status: str, forecast: object
) -> None:
    found = company.execute(
        """
        SELECT fct.budget_status, fct.completion_status, fct.forecast_nonlabor_capital::numeric = %s::numeric
        FROM planning.forecast AS fct INNER JOIN planning.projects AS prj ON fct.entity_type = 'project' AND fct.entity_id = prj.id
        WHERE prj.name = %s
        """,
        [forecast, f"Edge: {name}"],
    ).fetchall()
    assert found == [(budget_status, completion_status, True)]


@pytest.mark.parametrize(
    "wanted",
    [
        "SELECT FROM planning.portfolios AS pfo WHERE NOT EXISTS (SELECT FROM planning.programs AS prg WHERE prg.portfolio_id = pfo.id)",
        "SELECT FROM planning.programs AS prg WHERE NOT EXISTS (SELECT FROM planning.projects AS prj WHERE prj.program_id = prg.id)",
        "SELECT FROM planning.assignment_conflict WHERE total_allocation = 100.01",
        "SELECT FROM planning.actuals AS act JOIN planning.projects AS prj ON prj.id = act.project_id WHERE act.actual_date < prj.start_date",
        "SELECT FROM planning.workers AS wrk WHERE NOT EXISTS (SELECT FROM planning.resources AS res WHERE res.worker_id = wrk.id)",
    ],
)
def test_rare_things_are_there(company: psycopg.Connection[Any], wanted: str) -> None:
    assert value(company, f"SELECT EXISTS ({wanted})")


def test_users_are_active_and_inactive_in_every_combination(company: psycopg.Connection[Any]) -> None:
    found = company.execute("""
        SELECT DISTINCT usr.is_active, rol.is_active, sco.is_active FROM planning.users AS usr
        JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    """).fetchall()
    assert len(found) == 8


@pytest.mark.parametrize(
    "impossible",
    [
        f"SELECT FROM planning.actuals WHERE actual_date > '{AS_OF}'",
        # what an import would refuse: labor without a rate, or on somebody's day that has no room
        """SELECT FROM planning.actual_conflict AS con WHERE con.total_allocation > 100 AND NOT EXISTS (
            SELECT FROM planning.actuals AS act JOIN planning.projects AS prj ON prj.id = act.project_id
            WHERE act.external_worker_id = con.external_worker_id AND act.actual_date = con.actual_date
                AND act.actual_date NOT BETWEEN prj.start_date AND prj.end_date
        ) AND NOT EXISTS (
            SELECT FROM planning.assignment_conflict AS pla JOIN planning.resources AS res ON res.id = pla.resource_id
            JOIN planning.workers AS wrk ON wrk.id = res.worker_id
            WHERE wrk.external_id = con.external_worker_id AND pla.assignment_date = con.actual_date
        )""",
        """SELECT FROM planning.actual_import_batches AS bat WHERE bat.record_count <> (
            SELECT count(*) FROM planning.actuals AS act WHERE act.import_batch_id = bat.id
        )""",
        """SELECT FROM planning.nonlabor_plan_lines AS lin WHERE lin.total_amount <> (
            SELECT sum(occ.base_amount) FROM planning.nonlabor_plan_occurrences AS occ WHERE occ.plan_line_id = lin.id
        )""",
        """SELECT FROM planning.resource_assignments AS asg JOIN planning.projects AS prj ON prj.id = asg.project_id
        WHERE asg.assignment_date NOT BETWEEN prj.start_date AND prj.end_date""",
    ],
)
def test_no_row_is_impossible(company: psycopg.Connection[Any], impossible: str) -> None:
    assert value(company, f"SELECT EXISTS ({impossible})") is False


def test_the_stored_figures_of_the_company_are_right(company: psycopg.Connection[Any]) -> None:
    views = [
        name for (name,) in company.execute(
            "SELECT view_name FROM refresh.stored_views WHERE view_name LIKE 'planning.%' ORDER BY view_name"
        )
    ]  # fmt: skip
    assert views
    for view in views:
        company.execute("SELECT refresh.run(%s)", [view])
    for view in views:
        assert company.execute("SELECT is_equal FROM refresh.verify(%s)", [view]).fetchone() == (True,), view
    assert value(company, "SELECT count(*) FROM planning.forecast_figure_by_window") > PROJECTS * 2


def test_filling_leaves_constraints_and_indexes_as_they_were(
    server: Any, applied_db: str, company: psycopg.Connection[Any]
) -> None:
    with psycopg.connect(server.dsn(applied_db)) as connection:
        assert company.execute(DEFINITIONS).fetchall() == connection.execute(DEFINITIONS).fetchall()
    assert value(company, "SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == 0


def test_a_company_grows_beside_what_is_there(connection: db.Connection) -> None:
    golden = files.find(ROOT / "tests" / "golden" / "planning")
    finish(load.load_tables(connection, "planning", [f for n, f in golden.items() if n.startswith("data/")]))
    before = value(connection, "SELECT count(*) FROM planning.projects")
    with pytest.raises(DatabaseRefused) as refusal:
        finish(generate(connection, "planning", Request(2, AS_OF)))
    assert refusal.value.sqlstate == "55000"
    finish(generate(connection, "planning", Request(2, AS_OF, append=True)))
    finish(generate(connection, "planning", Request(1, AS_OF, append=True)))
    assert value(connection, "SELECT count(*) FROM planning.projects") == before + 2 + 1 + 2 * 10


@pytest.mark.parametrize("projects", [0, 200_001])
def test_figures_out_of_range_are_refused(connection: db.Connection, projects: int) -> None:
    with pytest.raises(DatabaseRefused) as refusal:
        finish(generate(connection, "planning", Request(projects, AS_OF)))
    assert refusal.value.sqlstate == "22023"
