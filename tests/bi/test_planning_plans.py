"""A login that sees one project of two hundred, fifty of them, or all: each reads what it may see and no more.

Rows that were fetched are counted, not time: also those that a filter threw away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from isolation import login

PROJECTS, DAYS = 200, 60
# project n of user 1: the seventh; of user 50: those up to fifty; both by roles of these projects
ROWS = f"""
INSERT INTO planning.portfolios (id, name, description, owner, reporting_start_date, reporting_end_date)
VALUES (md5('portfolio')::uuid, 'All', 'x', 'x', '2025-01-01', '2026-01-01');
INSERT INTO planning.programs (id, portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date)
VALUES (md5('program')::uuid, md5('portfolio')::uuid, 'One', 'x', 'x', 'x', '2025-01-01', '2026-01-01');
INSERT INTO planning.projects
(id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code)
SELECT md5('project' || n)::uuid, md5('program')::uuid, 'Project ' || n, 'x', 'x', 'x', '2025-01-01', '2025-12-31', 'C' || n
FROM generate_series(1, {PROJECTS}) AS n;
INSERT INTO planning.project_phases (project_id, name, start_date, end_date)
SELECT id, 'Day ' || n, '2025-01-01'::date + n, '2025-01-01'::date + n FROM planning.projects, generate_series(1, {DAYS}) AS n;
INSERT INTO planning.worker_types (id, type, description) VALUES (md5('type')::uuid, 'Consultant', 'x');
INSERT INTO planning.rates (worker_type_id, rate_amount, start_date) VALUES (md5('type')::uuid, 1000, '2024-01-01');
INSERT INTO planning.workers (id, worker_type_id, external_id, name) VALUES (md5('worker')::uuid, md5('type')::uuid, 'E1', 'Ann');
INSERT INTO planning.resource_roles (id, name) VALUES (md5('role')::uuid, 'Any');
INSERT INTO planning.resources (id, name, resource_type, worker_id, resource_role_id)
VALUES (md5('resource')::uuid, 'Ann', 'LABOR', md5('worker')::uuid, md5('role')::uuid);
INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
SELECT md5('resource')::uuid, id, '2025-01-01'::date + n, 1, 0 FROM planning.projects, generate_series(1, {DAYS}) AS n;
INSERT INTO planning.actuals
(project_id, resource_id, external_worker_id, worker_name, allocation_percentage, actual_date, actual_cost, capital_amount, expense_amount)
SELECT id, md5('resource')::uuid, 'E1', 'Ann', 1, '2025-01-01'::date + n, 10, 10, 0 FROM planning.projects, generate_series(1, {DAYS}) AS n;
INSERT INTO planning.users (id, username, email) SELECT md5('user' || n)::uuid, 'u' || n, 'u' || n FROM unnest('{{1,50}}'::integer[]) AS n;
INSERT INTO planning.user_roles (id, user_id, role_type) SELECT id, id, 'viewer' FROM planning.users;
INSERT INTO planning.scope_assignments (user_role_id, scope_type, project_id)
SELECT md5('user1')::uuid, 'project', md5('project7')::uuid
UNION ALL
SELECT md5('user50')::uuid, 'project', md5('project' || n)::uuid FROM generate_series(1, 50) AS n;
"""
# view: rows it has of each project, and the large relations below it
VIEWS = {
    "planning_actual": (DAYS, ("actuals",)),
    "planning_assignment": (DAYS, ("resource_assignments",)),
    "planning_phase_budget": (DAYS, ("project_phases",)),
    "planning_project": (1, ("projects",)),
}
SEEN = {1: "user1", 50: "user50", PROJECTS: None}


@pytest.fixture(scope="module", name="office")
def _office(server: Any, applied_db: str) -> Iterator[tuple[Any, str, psycopg.Connection[Any]]]:
    with server.database(applied_db) as name, psycopg.connect(server.dsn(name), autocommit=True) as owner:
        owner.execute(ROWS)
        owner.execute("SELECT refresh_internal.run_all()")
        owner.execute("VACUUM ANALYZE")
        yield server, name, owner


@pytest.fixture(scope="module", name="reader")
def _reader(office: Any) -> Iterator[psycopg.Connection[Any]]:
    server, name, owner = office
    with (
        login(owner, "looked", "tidemark_bi"),
        psycopg.connect(server.dsn(name, "looked"), autocommit=True) as reader,
    ):
        reader.execute("SET max_parallel_workers_per_gather = 0; SET jit = off; SET enable_bitmapscan = off")
        yield reader


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def scans(reader: psycopg.Connection[Any], query: str, relations: tuple[str, ...]) -> list[dict[str, Any]]:
    """The nodes that read the relations, or partitions of them, and were started."""
    (plan,) = reader.execute(f"EXPLAIN (ANALYZE, TIMING off, FORMAT json) {query}").fetchone() or ([],)
    return [
        node
        for node in nodes(plan[0]["Plan"])
        if node.get("Relation Name", "").startswith(relations) and node["Actual Loops"]
    ]


def fetched(read: list[dict[str, Any]]) -> int:
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return round(
        sum((node["Actual Rows"] + sum(node.get(key, 0) for key in removed)) * node["Actual Loops"] for node in read)
    )


def grant(owner: psycopg.Connection[Any], projects: int) -> None:
    user = SEEN[projects]
    owner.execute("SELECT access.revoke_scope('looked')")
    values = owner.execute("SELECT ARRAY[md5(%s)::uuid::text]", [user]).fetchone()[0] if user else ["*"]  # type: ignore[index]
    owner.execute("SELECT access.grant_scope('looked', 'planning', %s, %s)", ["user" if user else "all", values])


@pytest.mark.parametrize("projects", SEEN)
@pytest.mark.parametrize("view", VIEWS)
def test_a_reader_fetches_the_rows_it_may_see(office: Any, reader: Any, view: str, projects: int) -> None:
    grant(office[2], projects)
    each, relations = VIEWS[view]
    query = f"SELECT project_id FROM bi.{view}"
    shown = len(reader.execute(query).fetchall())
    assert shown == projects * each
    read = scans(reader, query, relations)
    # the projects of a user are found by looking at all of them, once
    assert fetched(read) <= shown * 2 + PROJECTS
    if projects == 1 and relations != ("projects",):
        assert all(node["Node Type"] != "Seq Scan" or node["Actual Rows"] == 0 for node in read), read


@pytest.mark.parametrize("projects", SEEN)
@pytest.mark.parametrize("view", ["planning_actual", "planning_assignment"])
def test_a_condition_on_the_day_goes_into_the_index(office: Any, reader: Any, view: str, projects: int) -> None:
    """An equality on project and day goes down through the barrier, whatever the reader may see."""
    grant(office[2], projects)
    (project,) = reader.execute("SELECT md5('project7')::uuid").fetchone()
    day = {"planning_actual": "booked_on", "planning_assignment": "assigned_on"}[view]
    query = f"SELECT project_id FROM bi.{view} WHERE project_id = '{project}' AND {day} = '2025-01-05'"
    assert len(reader.execute(query).fetchall()) == 1
    assert fetched(scans(reader, query, VIEWS[view][1])) <= 1


@pytest.mark.parametrize("projects", SEEN)
def test_stored_figures_are_fetched_by_their_project(office: Any, reader: Any, projects: int) -> None:
    grant(office[2], projects)
    query = "SELECT project_id FROM bi.planning_project_forecast"
    assert len(reader.execute(query).fetchall()) == projects
    read = scans(reader, query, ("planning_forecast_figure_by_window",))
    assert fetched(read) <= (1 + DAYS) * PROJECTS, "each stored row at most once"
    assert scans(reader, query, ("actuals", "resource_assignments")) == [], "stored rows answer"


def test_without_a_grant_nothing_is_fetched(office: Any, reader: Any) -> None:
    office[2].execute("SELECT access.revoke_scope('looked')")
    for view, (_, relations) in VIEWS.items():
        assert fetched(scans(reader, f"SELECT project_id FROM bi.{view}", relations)) == 0, view
