"""Overviews over many projects say of each what its own report says, and of sums nothing that their reader may not add up."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from isolation import login
from planning_office import DAY, Connection, Office, worker

KINDS = (
    "total_variances, unplanned_work, unworked_assignment, allocation_over, allocation_under, cost_over, cost_under,"
    " total_allocation_variance, total_cost_variance"
)


@pytest.mark.parametrize("day", [DAY, "2026-02-17", "2025-11-03", "2030-01-01", "2020-01-01"])
def test_variance_to_date_is_the_summary_of_each_project(whole: Connection, day: str) -> None:
    """Stored on the day of the stored rows, computed on others; exceptions are the rows of severity high."""
    (user,) = next(
        row
        for row in whole.execute("SELECT id FROM planning.users ORDER BY id").fetchall()
        if whole.execute("SELECT planning.may(%s, 'view_reports', NULL, 'all')", row).fetchone() == (True,)
    )
    found = whole.execute(
        f"SELECT project_id, exceptions, {KINDS} FROM planning.variance_by_project(%s, %s)", [user, day]
    ).fetchall()
    promised = whole.execute(
        f"""SELECT prj.id, (
                SELECT count(*) FROM planning.variance_worker_day_of(prj.id, prj.start_date, %(day)s::date) AS one WHERE one.severity = 'high'
            ), {KINDS}
        FROM planning.projects AS prj
        CROSS JOIN LATERAL planning.variance_summary_of(prj.id, prj.start_date, %(day)s::date, 'worker_day') ORDER BY prj.id""",
        {"day": day},
    ).fetchall()
    assert found == promised
    assert len(found) == 78
    if day == DAY:
        assert all(sum(row[place] for row in found) > 0 for place in range(1, len(found[0])))


def test_variance_is_due_on_the_next_day_with_a_plan_or_work(office: Office) -> None:
    """Before the project begins nothing counts, so nothing is due there."""
    project = office.project(office.program())
    worker(
        office, project,
        planned={"2024-06-01": 10, "2025-03-01": 50, "2025-03-09": 0}, worked={"2024-07-01": (10, 1), "2025-03-05": (10, 1)},
    )  # fmt: skip
    office.main.execute(
        "INSERT INTO planning.actuals (project_id, resource_id, actual_date, actual_cost, capital_amount, expense_amount)"
        " SELECT project_id, resource_id, '2025-03-03', 5, 5, 0 FROM planning.actuals WHERE project_id = %s LIMIT 1",
        [project],
    )
    due = "SELECT next_transition_date::text FROM planning.variance_to_date WHERE project_id = %s"
    days = {"2024-01-01": "2025-03-01", "2025-02-28": "2025-03-01", "2025-03-01": "2025-03-05", "2025-03-05": "2025-03-09", "2025-03-09": None}  # fmt: skip
    for day, promised in days.items():
        office.main.execute("SELECT set_config('tidemark.as_of', %s, false)", [day])
        assert office.value(due, project) == promised, day


def test_variance_of_projects_is_shown_to_who_may_see_reports_of_them(office: Office) -> None:
    program = office.program()
    one, two, other = office.project(program), office.project(program), office.project(office.program())
    office.main.execute("SELECT refresh.run('planning.variance_to_date_by_project')")
    call = "SELECT project_id::text FROM planning.variance_by_project(%s)"
    app = office.session()
    app.execute("SET ROLE tidemark_app")
    for user, seen in (
        (office.user(viewer=("program", program)), {one, two}),
        (office.user(viewer=("project", other)), {other}),
        (office.user(viewer=None), set()),
    ):
        assert {row[0] for row in app.execute(call, [user]).fetchall()} == seen
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(call, [office.user()])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SELECT * FROM planning.variance_to_date_by_project")


@pytest.mark.parametrize("day", ["2026-02-16", "2025-12-31", "2026-01-01", "2024-06-30", "1990-01-01", "2040-01-01"])
def test_rates_in_force_are_those_of_the_day(whole: Connection, day: str) -> None:
    whole.execute("SELECT set_config('tidemark.as_of', %s, false)", [day])
    found = whole.execute(
        "SELECT worker_type_id, rate_id, rate_amount, next_change_on FROM planning.rate_in_force ORDER BY 1"
    ).fetchall()
    promised = whole.execute(
        "SELECT typ.id, rat.* FROM planning.worker_types AS typ CROSS JOIN LATERAL planning.rate_at(typ.id, %s) AS rat ORDER BY 1",
        [day],
    ).fetchall()
    assert found == promised
    opened = whole.execute(
        "SELECT worker_type_id, open_rate_id, open_rate_amount, open_from FROM planning.rate_in_force WHERE open_rate_id IS NOT NULL ORDER BY 1"
    ).fetchall()
    assert (
        opened
        == whole.execute(
            "SELECT worker_type_id, id, rate_amount, start_date FROM planning.rates WHERE end_date IS NULL ORDER BY 1"
        ).fetchall()
    )


def test_edges_of_rates_in_force(whole: Connection) -> None:
    """First and last day of each rate, and the days beside them."""
    days = whole.execute(
        "SELECT DISTINCT unnest(ARRAY[start_date - 1, start_date, end_date, end_date + 1])::text FROM planning.rates"
    ).fetchall()
    seen = 0
    for (day,) in sorted(row for row in days if row[0])[::3]:
        whole.execute("SELECT set_config('tidemark.as_of', %s, false)", [day])
        wrong = whole.execute(
            """SELECT typ.id FROM planning.worker_types AS typ CROSS JOIN LATERAL planning.rate_at(typ.id, %s) AS rat
            JOIN planning.rate_in_force AS frc ON frc.worker_type_id = typ.id
            WHERE (rat.rate_id, rat.rate_amount, rat.next_change_on) IS DISTINCT FROM (frc.rate_id, frc.rate_amount, frc.next_change_on)""",
            [day],
        ).fetchall()
        assert wrong == [], day
        seen += 1
    assert seen > 5


def test_monthly_cost_adds_up_to_the_other_reports(whole: Connection) -> None:
    by_month = whole.execute(
        """SELECT cst.project_id, cst.month_start, sum(cst.total_cost), sum(cst.capital_cost), sum(cst.expense_cost), sum(cst.actuals_count)
        FROM planning.monthly_cost AS cst GROUP BY 1, 2 ORDER BY 1, 2"""
    ).fetchall()
    promised = whole.execute(
        """SELECT bounds.project_id, ser.period_start, ser.total_cost, ser.capital_cost, ser.expense_cost, ser.actuals_count
        FROM (SELECT project_id, date_trunc('month', min(actual_date))::date AS first, max(actual_date) AS last FROM planning.actuals GROUP BY 1) AS bounds
        CROSS JOIN LATERAL planning.time_series_of(bounds.project_id, bounds.first, bounds.last, 'monthly') AS ser
        WHERE ser.actuals_count > 0 ORDER BY 1, 2"""
    ).fetchall()
    assert by_month == promised
    by_phase = whole.execute(
        """SELECT cst.project_id, coalesce(cst.phase_id::text, 'unknown') COLLATE "C" AS key, sum(cst.total_cost), sum(cst.actuals_count)
        FROM planning.monthly_cost AS cst GROUP BY 1, 2 ORDER BY 1, 2"""
    ).fetchall()
    promised = whole.execute(
        """SELECT prj.id, grp.key, grp.total_cost, grp.actuals_count FROM planning.projects AS prj
        CROSS JOIN LATERAL planning.drill_down_of(prj.id, '1900-01-01', '2100-01-01', 'phase') AS grp ORDER BY 1, 2"""
    ).fetchall()
    assert by_phase == promised
    labor = whole.execute(
        """SELECT sum(labor_cost), (SELECT sum(actual_cost) FROM planning.actuals WHERE external_worker_id IS NOT NULL),
            count(*) FILTER (WHERE labor_cost IS NULL) > 0 FROM planning.monthly_cost"""
    ).fetchone()
    assert labor is not None
    assert labor[0] == labor[1]
    assert labor[2] is True


def planned(office: Office, day: str, *shares: tuple[str, int]) -> str:
    """A person planned on a day for several projects: the resource."""
    first, percentage = shares[0]
    worker(office, first, {day: percentage}, {})
    resource = office.value(
        "SELECT resource_id::text FROM planning.resource_assignments WHERE project_id = %s AND assignment_date = %s ORDER BY created_at DESC LIMIT 1",
        first, day,
    )  # fmt: skip
    for project, share in shares[1:]:
        office.main.execute(
            "INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)"
            " VALUES (%s, %s, %s, 0, %s)",
            [resource, project, day, share],
        )
    return str(resource)


def test_over_allocation_is_told_where_every_part_of_it_may_be_read(office: Office) -> None:
    program, other = office.program(), office.program()
    here, beside, there = office.project(program), office.project(program), office.project(other)
    day = "2031-03-04"
    own = planned(office, day, (here, 60), (beside, 41))
    planned(office, day, (here, 60), (beside, 40))  # exactly 100 is none
    foreign = planned(office, day, (here, 60), (there, 70))
    office.main.execute("SELECT refresh.run('planning.assignment_conflict_by_resource_day')")
    manager, everything = office.user(project_manager=("program", program)), office.user(viewer="global")
    call = "SELECT resource_id::text, total_allocation, over_allocation FROM planning.over_allocation(%s, %s, %s)"
    app = office.session()
    app.execute("SET ROLE tidemark_app")

    def told(user: str, first: str = day, last: str = day) -> set[Any]:
        return set(app.execute(call, [user, first, last]).fetchall())

    assert told(manager) == {(own, 101, 1)}
    assert told(everything) == {(own, 101, 1), (foreign, 130, 30)}
    assert told(everything, "2031-03-05", "2031-03-06") == set()
    assert told(everything, "2031-03-01", "2031-03-03") == set()
    assert told(office.user(viewer=None)) == set()
    with login(office.main, "planning_over", "tidemark_bi"):
        office.main.execute("SELECT access.grant_scope('planning_over', 'planning', 'user', %s)", [[manager]])
        reader = office.session(office.dsn.replace("user=postgres", "user=planning_over"))
        rows = "SELECT resource_id::text, planned_pct, excess_pct FROM bi.planning_over_allocation WHERE assigned_on = '2031-03-04'"
        assert reader.execute(rows).fetchall() == [(own, 101, 1)]
        # what is kept may be older than the rows: it tells neither of what was planned elsewhere nor of what is none any more
        office.main.execute("DELETE FROM planning.resource_assignments WHERE project_id = %s", [there])
        office.main.execute(
            "UPDATE planning.resource_assignments SET expense_percentage = expense_percentage - 1 WHERE resource_id = %s AND project_id = %s",
            [own, beside],
        )
        assert reader.execute(rows).fetchall() == []
        assert told(manager) == set()
        office.main.execute("DELETE FROM planning.resource_assignments WHERE resource_id IN (%s, %s)", [own, foreign])
        assert reader.execute(rows).fetchall() == []
        assert told(manager) == set()
        reader.close()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(call, [office.user(), day, day])
    for first, last in ((day, "2031-03-03"), (None, day)):
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            app.execute(call, [everything, first, last])


def test_dashboards_show_variance_plan_and_months_of_what_may_be_reported(office: Office) -> None:
    """Of the projects with view_reports: the figures of the views behind, and of no other project."""
    program = office.program()
    project, other = office.project(program), office.project(office.program())
    for one in (project, other):
        worker(office, one, {"2025-02-03": 50, "2025-02-04": 20}, {"2025-02-03": (70, 100), "2025-03-05": (10, 7)})
    office.main.execute("SELECT refresh.run('planning.variance_to_date_by_project')")
    office.main.execute("SELECT refresh.run('planning.monthly_cost_by_phase')")
    user = office.user(viewer=("project", project))
    with login(office.main, "planning_over", "tidemark_bi"):
        reader = office.session(office.dsn.replace("user=postgres", "user=planning_over"))
        views = ("planning_variance", "planning_worker_day", "planning_monthly_cost")
        assert [reader.execute(f"SELECT count(*) FROM bi.{view}").fetchone() for view in views] == [(0,)] * 3
        office.main.execute("SELECT access.grant_scope('planning_over', 'planning', 'user', %s)", [[user]])
        for view in views:
            assert reader.execute(f"SELECT DISTINCT project_id::text FROM bi.{view}").fetchall() == [(project,)]
        assert reader.execute(
            "SELECT variance_count, exception_count, unplanned_work_count, unworked_assignment_count, allocation_over_count, allocation_under_count,"
            " cost_over_count, cost_under_count, allocation_variance_pct, cost_variance_amount FROM bi.planning_variance"
        ).fetchall() == [(4, 4, 1, 1, 1, 0, 0, 1, 50, 607)]
        assert reader.execute(
            "SELECT worked_on::text, is_planned, is_worked, planned_pct, actual_pct, variance_pct, planned_amount, actual_amount, variance_amount"
            " FROM bi.planning_worker_day ORDER BY 1"
        ).fetchall() == [
            ("2025-02-03", True, True, 50, 70, 20, 500, 100, -400), ("2025-02-04", True, False, 20, 0, -20, 200, 0, -200),
            ("2025-03-05", False, True, 0, 10, 10, 0, 7, 7),
        ]  # fmt: skip
        assert reader.execute(
            "SELECT month_on::text, phase_name, cost_amount, capital_amount, expense_amount, labor_amount, actual_count FROM bi.planning_monthly_cost ORDER BY 1"
        ).fetchall() == [("2025-02-01", None, 100, 100, 0, 100, 1), ("2025-03-01", None, 7, 7, 0, 7, 1)]
        office.main.execute("UPDATE planning.user_roles SET is_active = false WHERE user_id = %s", [user])
        assert [reader.execute(f"SELECT count(*) FROM bi.{view}").fetchone() for view in views] == [(0,)] * 3
        reader.close()


@pytest.mark.parametrize("day", [DAY, "2025-06-30", "2027-01-01"])
def test_the_parts_of_every_series_make_its_total(whole: Connection, day: str) -> None:
    """Labor and non-labor, capital and expense: of budget, actual and forecast, of every thing; and of every period."""
    for series in ("budget", "actual", "forecast"):
        wrong = whole.execute(
            f"""SELECT entity_id FROM planning.forecast_at(%s) WHERE {series}_total IS NULL
                OR {series}_total <> {series}_capital + {series}_expense
                OR {series}_capital <> {series}_labor_capital + {series}_nonlabor_capital
                OR {series}_expense <> {series}_labor_expense + {series}_nonlabor_expense""",
            [day],
        ).fetchall()
        assert wrong == [], series
    rows = whole.execute(
        """SELECT count(*), count(*) FILTER (WHERE ser.total_cost <> ser.capital_cost + ser.expense_cost
            OR ser.cumulative_total <> ser.cumulative_capital + ser.cumulative_expense)
        FROM planning.projects AS prj CROSS JOIN LATERAL planning.time_series_of(prj.id, prj.start_date, %s::date, 'weekly') AS ser""",
        [day],
    ).fetchone()
    assert rows is not None
    assert rows[0] > 100
    assert rows[1] == 0
