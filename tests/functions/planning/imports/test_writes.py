"""Writes one by one: assignments, corrections of actuals, rates. Who may, what is refused, and that others are not overrun."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

CREATE = "SELECT planning.create_assignment(%(user)s, %(resource)s, %(project)s, %(day)s, %(capital)s, %(expense)s)"
SINGLE = "project_id,external_worker_id,worker_name,date,percentage\n"
BY_NAME = "SELECT id FROM planning.users WHERE username = %(name)s"


def user(office: Any, name: str) -> Any:
    return office.value(BY_NAME, name=name)


def planned(office: Any, day: str = "2025-07-01", **values: Any) -> dict[str, Any]:
    ids = {"user": user(office, "lead"), "resource": None, "project": None}
    ids["resource"] = office.value("SELECT id FROM planning.resources WHERE name = 'Bob'")
    ids["project"] = office.value("SELECT id FROM planning.projects WHERE name = 'North'")
    return ids | {"day": day, "capital": 60, "expense": 0} | values


def entries(office: Any, kind: str, key: Any) -> list[str]:
    found = office.rows(
        "SELECT action FROM audit.entries WHERE family = 'planning' AND table_name = %(kind)s AND row_key = %(key)s ORDER BY entry_no",
        kind=kind,
        key=str(key),
    )
    return [row.action for row in found]


def test_an_assignment_is_planned_changed_and_taken_back(office: Any) -> None:
    made = office.value(CREATE, **planned(office))
    change = "SELECT planning.update_assignment(%(user)s, %(made)s, p_capital_percentage => %(to)s::numeric, p_version => %(version)s)"
    lead = user(office, "lead")
    assert office.value(change, user=lead, made=made, to=100, version=1) == 2, "it does not count itself"
    assert office.refused(change, user=lead, made=made, to=50, version=1) == ("40001", None)
    assert office.refused(change, user=lead, made=made, to=50.5, version=2) == ("23514", "CAPITAL_NOT_WHOLE")
    assert (
        office.value(
            "SELECT capital_percentage::int FROM planning.resource_assignments WHERE id = %(made)s", made=made
        )
        == 100
    )
    remove = "SELECT planning.delete_assignment(%(user)s, %(made)s, %(version)s)"
    assert office.refused(remove, user=lead, made=made, version=1) == ("40001", None)
    office.rows(remove, user=lead, made=made, version=2)
    assert entries(office, "ResourceAssignment", made) == ["CREATE", "UPDATE", "DELETE"]
    assert office.refused(remove, user=lead, made=made, version=2) == ("42501", None), (
        "not there and not his are the same"
    )


@pytest.mark.parametrize(
    ("values", "state", "code"),
    [
        ({"capital": 101}, "23514", "SUM_OVER_100"),
        ({"day": "2026-01-01"}, "23514", "DATE_OUTSIDE_PROJECT"),
        ({"capital": -1}, "22023", None),
        ({"capital": None}, "22023", None),
        ({"resource": "00000000-0000-4000-8000-0000000000ff"}, "23514", "RESOURCE_NOT_FOUND"),
        ({"project": "00000000-0000-4000-8000-0000000000ff"}, "42501", None),
    ],
)
def test_what_cannot_be_planned_has_a_code(office: Any, values: dict[str, Any], state: str, code: str | None) -> None:
    assert office.refused(CREATE, **planned(office, **values)) == (state, code)


def test_a_project_out_of_reach_and_one_that_is_not_there_are_refused_alike(office: Any) -> None:
    south = office.value("SELECT id FROM planning.projects WHERE name = 'South'")
    assert office.refused(CREATE, **planned(office, project=south)) == ("42501", None)
    assert office.refused(CREATE, **planned(office, user=user(office, "viewer"))) == ("42501", None)
    assert (
        office.value("SELECT count(*) FROM planning.resource_assignments WHERE assignment_date = '2025-07-01'") == 0
    )


def test_two_planners_at_once_never_overbook_a_person(office: Any, wait_until_blocked: Any) -> None:
    admin = user(office, "admin")
    south = office.value("SELECT id FROM planning.projects WHERE name = 'South'")
    first, second = office.session(), office.session()
    first.autocommit = False
    first.execute(CREATE, planned(office, user=admin))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second.execute, CREATE, planned(office, user=admin, project=south))
        wait_until_blocked(office.session(), second.info.backend_pid)
        first.commit()
        error: Any = waiting.exception()
    assert (error.sqlstate, error.diag.constraint_name) == ("23514", "CROSS_PROJECT_OVER_100")
    first.close()
    second.close()


def test_another_percentage_prices_an_actual_anew_within_the_day(office: Any) -> None:
    assert (
        office.load(SINGLE + "{north},E1,Ann,2025-03-03,50\n{south},E1,Ann,2025-03-03,40\n").load_status == "loaded"
    )
    made = office.value("SELECT id FROM planning.actuals WHERE allocation_percentage = 50")
    admin = user(office, "admin")
    change = "SELECT planning.update_actual(%(user)s, %(made)s, %(to)s::numeric, p_version => %(version)s)"
    figures = "SELECT actual_cost::text, capital_amount::text, expense_amount::text FROM planning.actuals WHERE id = %(made)s"
    assert office.value(change, user=admin, made=made, to=60, version=1) == 2, (
        "exactly 100 passes, and it does not count itself"
    )
    assert tuple(office.rows(figures, made=made)[0]) == ("600.00", "360.00", "240.00"), "30 to 20, as planned"
    assert office.refused(change, user=admin, made=made, to=60.01, version=2) == ("23514", "ALLOCATION_CONFLICT")
    assert office.refused(change, user=admin, made=made, to=10, version=1) == ("40001", None)
    assert office.refused(change, user=admin, made=made, to=-1, version=2) == ("22023", None)
    assert office.refused(change, user=user(office, "lead"), made=made, to=10, version=2) == ("42501", None)
    office.rows(
        "DELETE FROM planning.resource_assignments WHERE project_id = (SELECT project_id FROM planning.actuals WHERE id = %(made)s) RETURNING 1",
        made=made,
    )
    assert office.refused(change, user=admin, made=made, to=10, version=2) == ("23514", "NO_PLANNED_ASSIGNMENT")
    correct = "SELECT planning.update_actual(%(user)s, %(made)s, p_capital_amount => %(to)s::numeric)"
    assert office.value(correct, user=admin, made=made, to=100.5) == 3
    assert tuple(office.rows(figures, made=made)[0]) == ("340.50", "100.50", "240.00")
    assert office.refused(correct, user=admin, made=made, to=0.001) == ("22023", None)
    assert office.refused(correct, user=admin, made=made, to="NaN") == ("22023", None)
    office.rows("SELECT planning.delete_actual(%(user)s, %(made)s, 3)", user=admin, made=made)
    assert entries(office, "Actual", made) == ["UPDATE", "UPDATE", "DELETE"]
    assert office.value("SELECT count(*) FROM planning.actuals") == 1
    office.rows(
        "INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)"
        " SELECT res.id, prj.id, '2025-03-03', 30, 20 FROM planning.resources res, planning.projects prj"
        " WHERE res.name = 'Ann' AND prj.name = 'North' RETURNING 1"
    )


def test_a_rate_changes_from_a_day_on(office: Any) -> None:
    office.main.execute("BEGIN")
    kind = office.value("SELECT id FROM planning.worker_types")
    admin = user(office, "admin")
    change = "SELECT planning.change_rate(%(user)s, %(kind)s, %(day)s, %(amount)s::numeric)"
    rates = "SELECT rate_amount::int, start_date::text, end_date::text FROM planning.rates ORDER BY start_date"

    def refused(query: str, **values: Any) -> Any:
        office.main.execute("SAVEPOINT s")
        found = office.refused(query, user=values.pop("user", admin), kind=values.pop("kind", kind), **values)
        office.main.execute("ROLLBACK TO s")
        return found

    assert refused(change, day="2025-01-11", amount=1) == ("23514", "RATE_CHANGE_TOO_EARLY"), (
        "the old one would last a day"
    )
    assert refused(change, day="2025-01-12", amount=0) == ("22023", None)
    assert refused(change, day="2025-01-12", amount=1.001) == ("22023", None)
    assert refused(change, day="2025-01-12", amount=1, user=user(office, "lead")) == ("42501", None)
    assert refused(change, day="2025-01-12", amount=1, kind=admin) == ("P0002", None)
    office.rows(change, user=admin, kind=kind, day="2025-01-12", amount=1100)
    assert [tuple(row) for row in office.rows(rates)] == [
        (1000, "2025-01-10", "2025-01-11"),
        (1100, "2025-01-12", None),
    ]
    close = "SELECT planning.close_rate(%(user)s, %(kind)s, %(day)s, %(version)s)"
    assert refused(close, day="2025-01-12", version=1) == ("23514", "RATE_TOO_SHORT")
    assert refused(close, day="2025-01-20", version=7) == ("40001", None)
    office.rows(close, user=admin, kind=kind, day="2025-01-20", version=1)
    assert refused(close, day="2025-01-21", version=1) == ("P0002", None), "nothing is open"
    assert refused(change, day="2025-01-20", amount=1) == ("23514", "RATE_OVERLAP")
    office.rows(change, user=admin, kind=kind, day="2025-02-01", amount=1200)
    assert [tuple(row) for row in office.rows(rates)][1:] == [
        (1100, "2025-01-12", "2025-01-20"),
        (1200, "2025-02-01", None),
    ]
    office.main.execute("ROLLBACK")
