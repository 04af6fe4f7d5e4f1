"""Roll-ups count the projects of the caller and say so. That stored figures follow every change: tests/flows/test_planning_stored_views.py."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from planning_office import DAY, Connection, Office


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


def test_a_portfolio_is_the_sum_of_its_programs(whole: Connection) -> None:
    """Of what a user may see of each program; partial when one of them is, or one is out of sight that has projects."""
    seen = 0
    for (user,) in whole.execute(
        "SELECT id FROM planning.users WHERE planning.has_all_permissions(id, '{view_budget,view_forecast}') ORDER BY id"
    ).fetchall()[::9]:
        promised = whole.execute(
            """SELECT prg.portfolio_id, sum(rol.projects_in_scope), sum(rol.budget_total), sum(rol.actual_total), sum(rol.forecast_total)
            FROM planning.program_rollup(%s, p_as_of => %s) AS rol JOIN planning.programs AS prg ON prg.id = rol.program_id
            GROUP BY prg.portfolio_id""",
            [user, DAY],
        ).fetchall()
        totals = dict(
            whole.execute(
                "SELECT prg.portfolio_id, count(*) FROM planning.projects AS prj JOIN planning.programs AS prg ON prg.id = prj.program_id GROUP BY 1"
            ).fetchall()
        )
        promised = [
            (portfolio, count, totals.get(portfolio, 0) > count, *sums) for portfolio, count, *sums in promised
        ]
        found = whole.execute(
            "SELECT portfolio_id, projects_in_scope, is_partial, budget_total, actual_total, forecast_total"
            " FROM planning.portfolio_rollup(%s, p_as_of => %s)",
            [user, DAY],
        ).fetchall()
        # a portfolio without a program is shown to who sees everything
        empty = [row for row in found if row[0] not in {portfolio for portfolio, *_ in promised}]
        assert sorted(row for row in found if row not in empty) == sorted(promised)
        assert all(row[1:] == (0, False, 0, 0, 0) for row in empty)
        assert not empty or planning_sees_all(whole, user)
        seen += len(found)
    assert seen > 10


def planning_sees_all(connection: Connection, user: Any) -> bool:
    row = connection.execute(
        "SELECT planning.may(%s, 'view_budget', NULL, 'all') AND planning.may(%s, 'view_forecast', NULL, 'all')",
        [user, user],
    ).fetchone()
    return row == (True,)


def test_a_portfolio_with_everything_seen_has_the_figures_of_the_forecast(whole: Connection) -> None:
    """Of who sees everything every column is that of planning.forecast."""
    columns = (
        "budget_total, actual_total, forecast_total, budget_remaining, forecast_variance, budget_utilization_pct,"
        " forecast_to_budget_pct, budget_status, completion_status, current_forecast_total, current_variance, currency_code"
    )
    (user,) = next(
        row
        for row in whole.execute("SELECT id FROM planning.users ORDER BY id").fetchall()
        if planning_sees_all(whole, row[0])
    )
    for kind in ("portfolio", "program"):
        found = whole.execute(
            f"SELECT {kind}_id, as_of_date::text, {columns} FROM planning.{kind}_rollup(%s, p_as_of => '2026-02-20') ORDER BY 1",
            [user],
        ).fetchall()
        promised = whole.execute(
            f"SELECT entity_id, '2026-02-20', {columns} FROM planning.forecast_at('2026-02-20') WHERE entity_type = %s ORDER BY 1",
            [kind],
        ).fetchall()
        assert found == promised
        assert len(found) > 2


def portfolio_of(office: Office, program: str) -> Any:
    return office.value("SELECT portfolio_id::text FROM planning.programs WHERE id = %s", program)


def test_an_empty_program_opens_its_portfolio_to_who_may_see_both(office: Office) -> None:
    program, other = office.program(), office.program()
    both, budget = office.user(viewer=("program", program)), office.user(viewer=None)
    role = office.role(budget, "viewer")
    assert office.main.execute("SELECT portfolio_id::text, projects_in_scope, is_partial, budget_total, currency_code FROM planning.portfolio_rollup(%s)", [both]).fetchall() == [
        (portfolio_of(office, program), 0, False, 0, None)
    ]  # fmt: skip
    assert office.main.execute("SELECT * FROM planning.portfolio_rollup(%s)", [budget]).fetchall() == []
    office.main.execute(
        "INSERT INTO planning.scope_assignments (user_role_id, scope_type, project_id) VALUES (%s, 'project', %s)",
        [role, office.project(other)],
    )
    assert office.main.execute(
        "SELECT portfolio_id::text FROM planning.portfolio_rollup(%s)", [budget]
    ).fetchall() == [(portfolio_of(office, other),)]


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
        ("portfolio_rollup", portfolio_of(office, other)), ("portfolio_rollup", nothing),
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            office.main.execute(f"SELECT * FROM planning.{call}(%s, %s)", [user, thing])
        answers.add((caught.value.diag.message_primary, caught.value.diag.message_detail))
    assert len(answers) == 1
    planner = office.user(resource_manager="global")
    assert office.value(
        "SELECT is_partial FROM planning.portfolio_rollup(%s, %s)", user, portfolio_of(office, program)
    )
    for call, things in (
        ("portfolio_rollup", [None]),
        ("program_rollup", [None]),
        ("program_rollup", [program]),
        ("forecast_of", [project]),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            office.main.execute(f"SELECT * FROM planning.{call}(%s, %s)", [planner, *things])


def test_what_asks_for_no_user_is_for_the_owner_alone(office: Office) -> None:
    app = office.session()
    for role in ("tidemark_app", "tidemark_bi", "tidemark_loader"):
        app.execute(f"RESET ROLE; SET ROLE {role}")
        for call in ("planning.forecast_at('2026-01-01')", "planning.forecast", "planning.forecast_figure_by_window"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(f"SELECT * FROM {call}")
