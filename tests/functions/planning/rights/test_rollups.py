"""Roll-ups count the projects of the caller and say so; stored figures follow every change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from planning_office import GOLDEN, Connection, Office

DAY = "2026-02-16"
EVERYTHING = [
    "portfolios",
    "programs",
    "projects",
    "project_phases",
    "worker_types",
    "rates",
    "workers",
    "resource_roles",
    "resources",
    "resource_assignments",
    "nonlabor_plan_lines",
    "nonlabor_plan_occurrences",
    "users",
    "user_roles",
    "scope_assignments",
    "actual_import_batches",
    "actuals",
]
CHANGES = {
    "an actual is corrected": "UPDATE planning.actuals SET capital_amount = capital_amount + 1, actual_cost = actual_cost + 1",
    "actuals move to another day": "UPDATE planning.actuals SET actual_date = actual_date + 400 WHERE external_worker_id IS NULL",
    "actuals move to another project": "UPDATE planning.actuals SET project_id = (SELECT min(id::text)::uuid FROM planning.projects) WHERE external_worker_id IS NULL",
    "actuals are deleted": "DELETE FROM planning.actuals WHERE actual_cost > 500",
    "plans are cut": "UPDATE planning.resource_assignments SET capital_percentage = capital_percentage / 2 WHERE assignment_date > '2026-03-01'",
    "plans are deleted": "DELETE FROM planning.resource_assignments WHERE assignment_date > '2026-03-01'",
    "a line is cancelled": "UPDATE planning.nonlabor_plan_lines SET status = 'CANCELLED' WHERE status = 'ACTIVE'",
    "a treatment changes": "UPDATE planning.nonlabor_plan_lines SET cost_treatment = 'EXPENSE'",
    "an occurrence is overridden": "UPDATE planning.nonlabor_plan_occurrences SET override_amount = 0",
    "an occurrence moves": "UPDATE planning.nonlabor_plan_occurrences SET occurrence_date = occurrence_date + 700",
    "a rate changes": "UPDATE planning.rates SET rate_amount = rate_amount + 0.01",
    "rates go": "DELETE FROM planning.rates",
    "workers change their type": "UPDATE planning.workers SET worker_type_id = (SELECT min(id::text)::uuid FROM planning.worker_types)",
    "the default rate changes": "UPDATE planning.settings SET default_rate = 1",
    "a budget changes": "UPDATE planning.project_phases SET labor_capital_budget = labor_capital_budget + 1, total_budget = total_budget + 1",
    "a phase ends earlier": "UPDATE planning.project_phases SET end_date = end_date - 1 WHERE end_date > start_date",
    "phases go": "DELETE FROM planning.project_phases",
    "a project starts later": "UPDATE planning.projects SET start_date = start_date + 1 WHERE start_date + 1 < end_date",
    "resources change their workers": "UPDATE planning.resources SET worker_id = NULL, resource_role_id = NULL, resource_type = 'NON_LABOR'"
    " WHERE resource_type = 'LABOR' AND id NOT IN (SELECT resource_id FROM planning.resource_assignments)",
}  # fmt: skip


@pytest.fixture(scope="module", name="whole_dsn")
def _whole_dsn(server: Any, applied_db: str) -> Iterator[str]:
    """The golden rows, all of them, with stored figures of one day."""
    with server.database(applied_db) as name:
        dsn = server.dsn(name)
        with psycopg.connect(dsn) as owner:
            for table in EVERYTHING:
                text = (GOLDEN / "data" / f"planning.{table}.csv").read_text(encoding="utf-8")
                columns = text.split("\n", 1)[0]
                with owner.cursor().copy(
                    f"COPY planning.{table} ({columns}) FROM STDIN WITH (FORMAT csv, HEADER true)"
                ) as copy:
                    copy.write(text)
            owner.commit()
            owner.execute("SELECT set_config('tidemark.as_of', %s, false)", [DAY])
            owner.execute("SELECT refresh.run('planning.forecast_figure_by_window')")
        yield dsn


@pytest.fixture(name="whole")
def _whole(whole_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(whole_dsn) as connection:
        connection.execute("SELECT set_config('tidemark.as_of', %s, false)", [DAY])
        yield connection
        connection.rollback()


@pytest.mark.parametrize("change", CHANGES)
def test_stored_figures_follow_every_change(whole: Connection, change: str) -> None:
    before = whole.execute(
        "SELECT md5(string_agg(fig::text, '' ORDER BY fig::text)) FROM planning.forecast_figure AS fig"
    ).fetchone()
    changed = whole.execute(CHANGES[change])
    assert changed.rowcount > 0 or change == "resources change their workers"
    whole.execute("SELECT refresh.run('planning.forecast_figure_by_window')")
    found = whole.execute("SELECT ver.is_equal, ver::text FROM refresh.verify('planning.forecast_figure_by_window') AS ver").fetchone()  # fmt: skip
    assert found is not None
    assert found[0], found[1]
    after = whole.execute(
        "SELECT md5(string_agg(fig::text, '' ORDER BY fig::text)) FROM planning.forecast_figure AS fig"
    ).fetchone()
    assert before != after or change == "resources change their workers"


def test_the_next_day_is_followed_when_it_comes(whole: Connection) -> None:
    for day in ("2026-02-17", "2026-02-20", "2026-06-01"):
        whole.execute("SELECT set_config('tidemark.as_of', %s, false)", [day])
        whole.execute("SELECT refresh.run('planning.forecast_figure_by_window')")
        assert whole.execute(
            "SELECT is_equal FROM refresh.verify('planning.forecast_figure_by_window')"
        ).fetchone() == (True,)


def test_a_roll_up_counts_what_each_user_may_see(whole: Connection) -> None:
    """Against planning.may() of each project, for every twelfth user; and whether something was left out."""
    users = [
        user
        for (user,) in whole.execute(
            "SELECT id FROM planning.users WHERE planning.has_all_permissions(id, '{view_budget,view_forecast}') ORDER BY id"
        )
    ][::12]
    partial = set()
    for user in users:
        promised = whole.execute(
            """SELECT prj.program_id, count(*) FILTER (WHERE own.is_seen), bool_or(NOT own.is_seen),
                coalesce(sum(fct.budget_total) FILTER (WHERE own.is_seen), 0), coalesce(sum(fct.forecast_total) FILTER (WHERE own.is_seen), 0)
            FROM planning.projects AS prj
            JOIN planning.forecast AS fct ON fct.entity_type = 'project' AND fct.entity_id = prj.id
            CROSS JOIN LATERAL (SELECT planning.may(%s, 'view_budget', prj.id) AND planning.may(%s, 'view_forecast', prj.id) AS is_seen) AS own
            GROUP BY prj.program_id HAVING bool_or(own.is_seen)""",
            [user, user],
        ).fetchall()
        found = whole.execute(
            "SELECT program_id, projects_in_scope, is_partial, budget_total, forecast_total FROM planning.program_rollup(%s, p_as_of => %s)"
            " WHERE projects_in_scope > 0",
            [user, DAY],
        ).fetchall()
        assert sorted(found) == sorted(promised)
        partial |= {row[2] for row in found}
    assert partial == {True, False}


def test_figures_are_refused_alike_whatever_is_missing(office: Office) -> None:
    program, other = office.program(), office.program()
    project, foreign = office.project(program), office.project(other)
    user = office.user(viewer=("project", project), resource_manager="global")
    assert office.value("SELECT is_partial FROM planning.program_rollup(%s, %s)", user, program) is False
    office.project(program)
    assert office.value("SELECT is_partial FROM planning.program_rollup(%s, %s)", user, program) is True
    assert office.value("SELECT budget_total FROM planning.forecast_of(%s, %s)", user, project) == 0
    answers = set()
    nothing = "00000000-0000-0000-0000-000000000000"
    for call, thing in (
        ("program_rollup", other), ("program_rollup", nothing), ("forecast_of", foreign), ("forecast_of", nothing),
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            office.main.execute(f"SELECT * FROM planning.{call}(%s, %s)", [user, thing])
        answers.add((caught.value.diag.message_primary, caught.value.diag.message_detail))
    assert len(answers) == 1
    planner = office.user(resource_manager="global")
    for call, things in (("program_rollup", [None]), ("program_rollup", [program]), ("forecast_of", [project])):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            office.main.execute(f"SELECT * FROM planning.{call}(%s, %s)", [planner, *things])


def test_what_asks_for_no_user_is_for_the_owner_alone(office: Office) -> None:
    app = office.session()
    for role in ("tidemark_app", "tidemark_bi", "tidemark_loader"):
        app.execute(f"RESET ROLE; SET ROLE {role}")
        for call in ("planning.forecast_at('2026-01-01')", "planning.forecast", "planning.forecast_figure_by_window"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(f"SELECT * FROM {call}")
