"""Time series, drill-down and variance: edges of windows and thresholds, and who may ask."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from planning_office import Connection, Office, worker

NOTHING = "00000000-0000-0000-0000-000000000000"
REPORTS = {
    "time_series": "'2025-01-01', '2025-02-01'",
    "drill_down": "'2025-01-01', '2025-02-01'",
    "variance_worker_day": "'2025-01-01', '2025-02-01'",
    "variance_presence": "'2025-01-01', '2025-02-01'",
    "variance_summary": "'2025-01-01', '2025-02-01'",
}


def kinds(golden: Connection, forecast: str, actual: str, *thresholds: str) -> list[tuple[str, str]]:
    """Of a planned and worked day: allocation as told, cost ten times that."""
    return golden.execute(
        "SELECT * FROM planning.variance_kinds(true, true, %s::numeric, %s::numeric, %s::numeric * 10, %s::numeric * 10"
        + "".join(f", {name} => %s::numeric" for name in ("allocation_threshold", "allocation_exception", "cost_threshold", "cost_exception")[: len(thresholds)])
        + ")",
        [forecast, actual, forecast, actual, *thresholds],
    ).fetchall()  # fmt: skip


@pytest.mark.parametrize(
    ("forecast", "actual", "thresholds", "promised"),
    [
        ("50", "50", (), []),
        ("50", "54.99", (), []),
        ("50", "55", (), [("cost_over", "medium")]),
        ("50", "59.99", (), [("cost_over", "medium")]),
        ("50", "60", (), [("allocation_over", "medium"), ("cost_over", "high")]),
        ("50", "64.99", (), [("allocation_over", "medium"), ("cost_over", "high")]),
        ("50", "35", (), [("allocation_under", "high"), ("cost_under", "high")]),
        # a third has no end in decimals: 33 1/3 % of 3 is exactly 1
        ("3", "4", ("33.3333", "33.3334", "34", "34"), [("allocation_over", "medium")]),
        ("50", "50", ("0", "0", "0", "0"), []),
        ("50", "50.01", ("0", "0", "0", "0"), [("allocation_over", "high"), ("cost_over", "high")]),
        ("50", "60", ("20", "20", "20.01", "20.01"), [("allocation_over", "high")]),
    ],
)
def test_a_threshold_that_is_exactly_reached_counts(
    golden: Connection, forecast: str, actual: str, thresholds: tuple[str, ...], promised: list[tuple[str, str]]
) -> None:
    assert kinds(golden, forecast, actual, *thresholds) == promised


def test_a_cost_of_nothing_has_no_percentage(golden: Connection) -> None:
    assert golden.execute("SELECT * FROM planning.variance_kinds(true, true, 50, 50, 0, 9)").fetchall() == []
    for planned, worked, promised in (
        (True, False, "unworked_assignment"), (False, True, "unplanned_work"), (False, False, None),
    ):  # fmt: skip
        rows = golden.execute(
            "SELECT * FROM planning.variance_kinds(%s, %s, 0, 0, 0, 0)", [planned, worked]
        ).fetchall()
        assert rows == ([(promised, "high")] if promised else [])


@pytest.mark.parametrize(
    ("first", "last", "period", "blocks"),
    [
        ("2024-02-28", "2024-03-01", "daily", ["2024-02-28/2024-02-28", "2024-02-29/2024-02-29", "2024-03-01/2024-03-01"]),
        ("2025-01-01", "2025-01-14", "weekly", ["2025-01-01/2025-01-07", "2025-01-08/2025-01-14"]),
        ("2025-01-01", "2025-01-15", "weekly", ["2025-01-01/2025-01-07", "2025-01-08/2025-01-14", "2025-01-15/2025-01-15"]),
        ("2024-12-31", "2025-02-01", "monthly", ["2024-12-31/2024-12-31", "2025-01-01/2025-01-31", "2025-02-01/2025-02-01"]),
        ("2025-01-31", "2025-01-31", "monthly", ["2025-01-31/2025-01-31"]),
        ("2025-01-05", "2025-01-05", "weekly", ["2025-01-05/2025-01-05"]),
        ("2025-01-05", "2025-01-04", "daily", []),
        ("2025-01-05", "2025-01-09", "yearly", []),
    ],
)  # fmt: skip
def test_periods_cover_the_window(golden: Connection, first: str, last: str, period: str, blocks: list[str]) -> None:
    found = golden.execute(
        "SELECT period_start || '/' || period_end FROM planning.period_blocks(%s::date, %s::date, %s) ORDER BY period_no",
        [first, last, period],
    ).fetchall()
    assert [block for (block,) in found] == blocks
    for block in blocks:
        day, _, until = block.partition("/")
        assert (
            golden.execute(
                "SELECT planning.period_number(%s::date, %s::date, %s), planning.period_number(%s::date, %s::date, %s)",
                [day, first, period, until, first, period],
            ).fetchone()
            == (blocks.index(block) + 1,) * 2
        )


def test_reports_of_one_project(office: Office) -> None:
    project = office.project(office.program())
    user = office.user(viewer=("project", project))
    who = worker(
        office,
        project,
        planned={"2025-01-02": 50, "2025-01-03": 0, "2025-01-04": 50, "2099-01-01": 100},
        worked={"2025-01-02": (60, 600), "2025-01-03": (10, 100), "2025-01-20": (10, 110)},
    )

    def ask(call: str, *values: Any) -> list[Any]:
        return office.main.execute(f"SELECT {call}", [user, project, *values]).fetchall()

    # a placeholder is no plan for the worker-day, and is one for the day
    worker_days = [
        ("2025-01-02", "allocation_over", "medium"), ("2025-01-02", "cost_over", "high"),
        ("2025-01-03", "unplanned_work", "high"), ("2025-01-04", "unworked_assignment", "high"),
        ("2025-01-20", "unplanned_work", "high"),
    ]  # fmt: skip
    report = "variance_date::text, variance_type, severity FROM planning.variance_worker_day(%s, %s"
    assert ask(report + ")") == worker_days
    # the plan of a day to come is not missing work, unless asked for
    assert ask(report + ", p_to => '2099-12-31')") == worker_days
    far = ask(report + ", p_to => '2099-12-31', p_is_capped => false)")
    assert far == [*worker_days, ("2099-01-01", "unworked_assignment", "high")]
    assert ask(report + ", '2098-01-01', '2099-12-31')") == []
    assert ask(report + ", '2025-01-02', '2025-01-02', p_allocation_threshold => 20.01, p_cost_exception => 20.01)") == [
        ("2025-01-02", "cost_over", "medium")
    ]  # fmt: skip
    assert ask("variance_date::text, variance_type, worker_id, forecast_cost FROM planning.variance_presence(%s, %s)") == [
        ("2025-01-04", "unworked_assignment", "unknown", None), ("2025-01-20", "unplanned_work", who, 0),
    ]  # fmt: skip
    totals = "total_variances, total_allocation_variance, total_cost_variance FROM planning.variance_summary(%s, %s"
    assert ask(totals + ")") == [(5, 80, 810)]
    assert ask(totals + ", p_method => 'presence')") == [(2, 60, 110)]
    assert ask(totals + ", '2098-01-01', '2099-12-31')") == [(0, 0, 0)]
    series = "period_no, total_cost, actuals_count, cumulative_total, cumulative_utilization_pct FROM planning.time_series(%s, %s"
    assert ask(series + ", '2025-01-02', '2025-01-20', 'weekly')") == [
        (1, 700, 2, 700, 0), (2, 0, 0, 700, 0), (3, 110, 1, 810, 0),
    ]  # fmt: skip
    assert ask(series + ", '2020-01-01', '2020-01-01')") == [(1, 0, 0, 0, 0)]
    groups = "key, name, total_cost, total_allocation FROM planning.drill_down(%s, %s, '2025-01-01', '2025-01-31'"
    assert ask(groups + ")") == [(who, "n", 810, 80)]
    assert ask(groups + ", 'phase')") == [("unknown", "Unknown Phase", 810, 80)]
    # somebody whom files call non-labor is not added to money without people
    office.main.execute(
        "UPDATE planning.actuals SET external_worker_id = 'non-labor' WHERE project_id = %s", [project]
    )
    office.main.execute(
        "INSERT INTO planning.actuals (project_id, resource_id, actual_date, actual_cost, capital_amount, expense_amount)"
        " SELECT project_id, resource_id, actual_date, 5, 5, 0 FROM planning.actuals WHERE project_id = %s AND actual_cost = 600",
        [project],
    )
    assert ask(groups + ")") == [("non-labor", "n", 810, 80), ("non-labor", "Non-Labor", 5, 0)]


def test_what_cannot_be_asked_is_refused(office: Office) -> None:
    project = office.project(office.program())
    user = office.user(viewer=("project", project))
    for call in (
        *(f"{report}(%s, %s, '2025-02-02', '2025-02-01')" for report in REPORTS),
        "variance_worker_day(%s, %s, '2025-01-01', 'infinity')",
        "time_series(%s, %s, NULL, '2025-02-01')",
        "time_series(%s, %s, '2025-01-01', '2025-02-01', 'yearly')",
        "drill_down(%s, %s, '2025-01-01', '2025-02-01', NULL)",
        "variance_summary(%s, %s, p_method => 'both')",
        "variance_summary(%s, %s, p_cost_exception => 100.01)",
        "variance_worker_day(%s, %s, p_cost_threshold => -0.01)",
        "variance_worker_day(%s, %s, p_allocation_threshold => NULL)",
        "variance_presence(%s, %s, p_is_capped => NULL)",
    ):
        with pytest.raises(psycopg.errors.InvalidParameterValue) as caught:
            office.main.execute(f"SELECT * FROM planning.{call}", [user, project])
        assert caught.value.diag.message_hint


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_refused_alike_whatever_is_missing(office: Office, report: str) -> None:
    project = office.project(office.program())
    foreign = office.project(office.program())
    user = office.user(viewer=("project", project))
    call = f"SELECT * FROM planning.{report}(%s, %s, {REPORTS[report]})"
    office.main.execute(call, [user, project])
    answers = set()
    for thing in (foreign, NOTHING):
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            office.main.execute(call, [user, thing])
        answers.add((caught.value.diag.message_primary, caught.value.diag.message_detail))
    assert len(answers) == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        office.main.execute(call, [office.user(viewer=None), project])
    app = office.session()
    app.execute("SET ROLE tidemark_app")
    app.execute(call, [user, project])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(f"SELECT * FROM planning.{report}_of(%s, {REPORTS[report]}{', NULL' if report not in ('variance_worker_day', 'variance_presence') else ''})", [project])  # fmt: skip
