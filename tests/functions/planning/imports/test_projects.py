"""Projects, phases and money planned without people: what is written, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

SAVE = "SELECT planning.save_phases(%(user)s, %(project)s, %(phases)s::jsonb, %(version)s)"
PHASES = "SELECT name, start_date::text, end_date::text, total_budget::int, version FROM planning.project_phases WHERE project_id = %(project)s ORDER BY start_date"
LINE = "SELECT planning.save_plan_line(%(user)s, %(project)s, %(line)s::jsonb, %(id)s, %(version)s)"
DAYS = "SELECT occurrence_date::text, base_amount::text, override_amount::text, source FROM planning.nonlabor_plan_occurrences ORDER BY 1"


@pytest.fixture
def place(office: Any) -> Iterator[Any]:
    """The office in a transaction that is taken back; refusals leave it alive."""
    office.main.execute("BEGIN")
    office.admin = office.value("SELECT id FROM planning.users WHERE username = 'admin'")
    office.lead = office.value("SELECT id FROM planning.users WHERE username = 'lead'")
    plain = office.refused

    def refused(query: str, **values: Any) -> Any:
        office.main.execute("SAVEPOINT s")
        found = plain(query, **values)
        office.main.execute("ROLLBACK TO s")
        return found

    office.refused = refused
    yield office
    office.main.execute("ROLLBACK")


def phase(name: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "start_date": f"2025-{start}", "end_date": f"2025-{end}"} | more


def test_a_new_project_has_one_phase_from_end_to_end(place: Any) -> None:
    create = "SELECT planning.create_project(%(user)s, %(program)s, 'New', 'b', 'm', 't', '2025-02-01', '2025-03-31', %(centre)s)"
    program = place.value("SELECT id FROM planning.programs")
    made = place.value(create, user=place.admin, program=program, centre="NEW")
    assert [tuple(row) for row in place.rows(PHASES, project=made)] == [
        ("Default Phase", "2025-02-01", "2025-03-31", 0, 1)
    ]
    assert place.refused(create, user=place.lead, program=program, centre="OTHER") == ("42501", None)
    assert place.refused(create, user=place.admin, program=made, centre="OTHER") == ("42501", None), "no such program"


def test_the_phases_of_a_project_are_those_of_the_list(place: Any) -> None:
    north = place.value("SELECT id FROM planning.projects WHERE name = 'North'")
    version = place.value("SELECT version FROM planning.projects WHERE name = 'North'")
    first = place.value("SELECT id::text FROM planning.project_phases WHERE project_id = %(project)s", project=north)
    lists = [phase(" Build ", "01-01", "06-30", id=first), phase("Run", "07-01", "12-31")]
    done = place.value(SAVE, user=place.lead, project=north, phases=json.dumps(lists), version=version)
    assert done == version + 1
    assert [tuple(row) for row in place.rows(PHASES, project=north)] == [
        ("Build", "2025-01-01", "2025-06-30", 0, 2),
        ("Run", "2025-07-01", "2025-12-31", 0, 1),
    ]
    assert place.refused(SAVE, user=place.lead, project=north, phases=json.dumps(lists), version=version) == (
        "40001",
        None,
    )
    budget = json.dumps([phase("Build", "01-01", "12-31", id=first, labor_capital_budget=70.5)])
    assert place.refused(SAVE, user=place.lead, project=north, phases=budget, version=None) == ("42501", None)
    place.rows(SAVE, user=place.admin, project=north, phases=budget, version=done)
    (left,) = place.rows(
        "SELECT id::text, total_budget::text, version FROM planning.project_phases WHERE project_id = %(project)s",
        project=north,
    )
    assert left == (first, "70.50", 3)
    entries = place.rows(
        "SELECT action FROM audit.entries WHERE table_name = 'ProjectPhase' AND transaction_id = pg_current_xact_id() ORDER BY action"
    )
    assert [row.action for row in entries] == ["CREATE", "DELETE", "UPDATE", "UPDATE"]


@pytest.mark.parametrize(
    ("phases", "code"),
    [
        ([], "NO_PHASES"),
        ([phase("A", "01-02", "12-31")], "FIRST_START"),
        ([phase("A", "01-01", "06-30"), phase("B", "07-02", "12-31")], "GAP"),
        ([phase("A", "01-01", "07-01"), phase("B", "07-01", "12-31")], "OVERLAP"),
        ([phase(" ", "01-01", "12-31")], "NAME_EMPTY"),
        ([phase("x" * 101, "01-01", "12-31")], "NAME_TOO_LONG"),
    ],
)
def test_phases_that_make_no_timeline_are_refused(place: Any, phases: list[Any], code: str) -> None:
    north = place.value("SELECT id FROM planning.projects WHERE name = 'North'")
    assert place.refused(SAVE, user=place.lead, project=north, phases=json.dumps(phases), version=None) == (
        "23514",
        code,
    )


def test_other_days_of_a_project_need_phases_that_fit(place: Any) -> None:
    north = place.value("SELECT id FROM planning.projects WHERE name = 'North'")
    change = "SELECT planning.update_project(%(user)s, %(project)s, p_end_date => '2025-11-30', p_phases => %(phases)s::jsonb)"
    assert place.refused(change, user=place.lead, project=north, phases=None) == ("23514", "AFTER_PROJECT")
    place.rows(change, user=place.lead, project=north, phases=json.dumps([phase("All", "01-01", "11-30")]))
    assert [row.end_date for row in place.rows(PHASES, project=north)] == ["2025-11-30"]


def test_a_schedule_made_anew_keeps_the_overrides_of_its_days(place: Any) -> None:
    north = place.value("SELECT id FROM planning.projects WHERE name = 'North'")
    licence = place.value("SELECT id::text FROM planning.resources WHERE name = 'Licence'")
    line = {
        "resource_id": licence, "name": "Seats", "method": "STRAIGHT_LINE", "cost_treatment": "EXPENSE", "total_amount": 100,
        "schedule_start": "2025-01-15", "schedule_end": "2025-03-10", "frequency": "MONTHLY", "period_placement": "PERIOD_START",
    }  # fmt: skip
    made = place.value(LINE, user=place.lead, project=north, line=json.dumps(line), id=None, version=None)
    assert [tuple(row) for row in place.rows(DAYS)] == [
        ("2025-01-15", "33.3333", None, "GENERATED"),
        ("2025-02-01", "33.3333", None, "GENERATED"),
        ("2025-03-01", "33.3334", None, "GENERATED"),
    ]
    override = "SELECT planning.override_occurrence(%(user)s, %(line)s, %(day)s, %(amount)s)"
    place.rows(override, user=place.lead, line=made, day="2025-02-01", amount=0)
    place.rows(override, user=place.lead, line=made, day="2025-01-15", amount=7)
    assert place.refused(override, user=place.lead, line=made, day="2025-02-02", amount=1) == (
        "23514",
        "OCCURRENCE_NOT_FOUND",
    )
    assert place.refused(override, user=place.lead, line=made, day="2025-02-01", amount=-1) == (
        "23514",
        "AMOUNT_INVALID",
    )
    later = json.dumps({"schedule_start": "2025-02-01", "total_amount": 50})
    place.rows(LINE, user=place.lead, project=north, line=later, id=made, version=1)
    assert [tuple(row) for row in place.rows(DAYS)] == [
        ("2025-02-01", "25.0000", "0.0000", "GENERATED"),
        ("2025-03-01", "25.0000", None, "GENERATED"),
    ]
    assert place.refused(LINE, user=place.lead, project=north, line=later, id=made, version=1) == ("40001", None)
    by_hand = {
        "method": "MANUAL",
        "amounts": [{"date": "2025-02-01", "amount": 1.00005}, {"date": "2025-05-01", "amount": 2}],
    }
    place.rows(LINE, user=place.lead, project=north, line=json.dumps(by_hand), id=made, version=2)
    assert [tuple(row) for row in place.rows(DAYS)] == [
        ("2025-02-01", "1.0000", None, "MANUAL"),
        ("2025-05-01", "2.0000", None, "MANUAL"),
    ]
    assert place.value("SELECT total_amount::text FROM planning.nonlabor_plan_lines") == "3.0000"
    assert place.value("SELECT planning.cancel_plan_line(%(user)s, %(line)s, 3)", user=place.lead, line=made) == 4
    assert place.refused(LINE, user=place.lead, project=north, line=later, id=made, version=None) == (
        "23514",
        "LINE_CANCELLED",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"total_amount": -1}, "AMOUNT_NEGATIVE"),
        ({"schedule_start": "2025-03-11"}, "SCHEDULE_ORDER"),
        ({"method": "MANUAL"}, "AMOUNTS_REQUIRED"),
        ({"method": "MANUAL", "amounts": []}, "AMOUNTS_REQUIRED"),
        (
            {
                "method": "MANUAL",
                "amounts": [{"date": "2025-01-01", "amount": -1}, {"date": "2025-01-02", "amount": 5}],
            },
            "AMOUNT_NEGATIVE",
        ),
        ({"resource_id": None}, "RESOURCE_NOT_NON_LABOR"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(place: Any, change: dict[str, Any], code: str) -> None:
    north = place.value("SELECT id FROM planning.projects WHERE name = 'North'")
    line = {
        "resource_id": place.value("SELECT id::text FROM planning.resources WHERE name = 'Licence'"), "name": "Seats",
        "method": "STRAIGHT_LINE", "cost_treatment": "EXPENSE", "total_amount": 100, "schedule_start": "2025-01-15",
        "schedule_end": "2025-03-10", "frequency": "MONTHLY", "period_placement": "PERIOD_START",
    }  # fmt: skip
    given = {"user": place.lead, "project": north, "line": json.dumps(line | change), "id": None, "version": None}
    assert place.refused(LINE, **given) == ("23514", code)
    south = place.value("SELECT id FROM planning.projects WHERE name = 'South'")
    assert place.refused(LINE, **(given | {"project": south})) == ("42501", None)
