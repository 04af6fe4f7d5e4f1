"""Bad input is refused with an SQLSTATE, a detail and a hint; docs/errors.md lists every code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

DOCUMENT = Path(__file__).parents[3] / "docs" / "errors.md"
UNKNOWN = 2147483647

REFUSED = [
    ("the KPI report of an unknown region", "P0002", f"SELECT * FROM model_risk.kpi_report({UNKNOWN})"),
    ("the KPI header of an unknown region", "P0002", f"SELECT * FROM model_risk.kpi_report_header({UNKNOWN})"),
    ("the drill-down of an unknown region", "P0002", f"SELECT * FROM model_risk.kpi_models('4.6', {UNKNOWN})"),
    ("the drill-down of an unknown metric", "P0002", "SELECT * FROM model_risk.kpi_models('4.99')"),
    ("the drill-down without metric", "P0002", "SELECT * FROM model_risk.kpi_models(NULL)"),
    ("the KPI report without day", "22004", "SELECT * FROM model_risk.kpi_report(NULL, NULL, NULL)"),
    ("the KPI header without day", "22004", "SELECT * FROM model_risk.kpi_report_header(NULL, NULL, NULL)"),
    ("the drill-down without day", "22004", "SELECT * FROM model_risk.kpi_models('4.6', NULL, NULL, NULL)"),
    (
        "the KPI report on the last day of time",
        "22023",
        "SELECT * FROM model_risk.kpi_report(NULL, NULL, 'infinity')",
    ),
    ("the revalidation of no day", "22004", "SELECT * FROM model_risk.revalidation_at(NULL)"),
    ("the approvals of no day", "22004", "SELECT * FROM model_risk.approval_at(NULL)"),
    ("the models list of no day", "22004", "SELECT * FROM model_risk.model_list_at(NULL)"),
    ("the transitions of no day", "22004", "SELECT * FROM model_risk.status_transition_at(NULL)"),
    ("the revalidation before the year 1", "22023", "SELECT * FROM model_risk.revalidation_at('0001-12-31 BC')"),
    ("the revalidation after the year 9999", "22023", "SELECT * FROM model_risk.revalidation_at('10000-01-01')"),
    ("the revalidation of an unknown model", "P0002", f"SELECT model_risk.revalidation_status_of({UNKNOWN})"),
    ("the approval of an unknown model", "P0002", f"SELECT model_risk.approval_status_of({UNKNOWN})"),
    ("the list status of an unknown model", "P0002", f"SELECT model_risk.validation_status_of({UNKNOWN})"),
    ("the revalidation of no model", "22004", "SELECT model_risk.revalidation_status_of(NULL)"),
    ("the approval of no model", "22004", "SELECT model_risk.approval_status_of(NULL)"),
    ("the list status of no model", "22004", "SELECT model_risk.validation_status_of(NULL)"),
    ("the revalidation of a model on no day", "22004", "SELECT model_risk.revalidation_status_of(1, NULL)"),
    ("the approval of a model on no day", "22004", "SELECT model_risk.approval_status_of(1, NULL)"),
    ("the list status of a model on no day", "22004", "SELECT model_risk.validation_status_of(1, NULL)"),
    ("an unknown cycle status", "22023", "SELECT * FROM model_risk.attestation_cycle_list('DRAFT')"),
    ("a cycle status in small letters", "22023", "SELECT * FROM model_risk.attestation_cycle_list('open')"),
    ("an empty cycle status", "22023", "SELECT * FROM model_risk.attestation_cycle_list('')"),
    ("a negative limit", "2201W", "SELECT * FROM model_risk.attestation_cycle_list(NULL, -1)"),
    ("a limit of zero", "2201W", "SELECT * FROM model_risk.attestation_cycle_list(NULL, 0)"),
    ("a limit of 501", "2201W", "SELECT * FROM model_risk.attestation_cycle_list(NULL, 501)"),
    ("no limit", "2201W", "SELECT * FROM model_risk.attestation_cycle_list(NULL, NULL)"),
    ("an offset of -1", "2201X", "SELECT * FROM model_risk.attestation_cycle_list(NULL, 100, -1)"),
    ("no offset", "2201X", "SELECT * FROM model_risk.attestation_cycle_list(NULL, 100, NULL)"),
    ("an unknown status of a page", "22023", "SELECT * FROM model_risk.attestation_cycle_page('DRAFT')"),
    ("a page of 501", "2201W", "SELECT * FROM model_risk.attestation_cycle_page(NULL, 501)"),
    ("a position without day", "22023", "SELECT * FROM model_risk.attestation_cycle_page(NULL, 9, NULL, 1)"),
    ("a position without cycle", "22023", "SELECT * FROM model_risk.attestation_cycle_page(NULL, 9, '2025-01-01')"),
    ("the coverage of an unknown cycle", "P0002", f"SELECT * FROM model_risk.attestation_coverage_report({UNKNOWN})"),
    ("the coverage of no cycle", "P0002", "SELECT * FROM model_risk.attestation_coverage_report(NULL)"),
    ("the summary of an unknown cycle", "P0002", f"SELECT * FROM model_risk.attestation_coverage_summary({UNKNOWN})"),
    ("the coverage on no day", "22004", "SELECT * FROM model_risk.attestation_coverage_report(1, NULL)"),
    ("the summary on no day", "22004", "SELECT * FROM model_risk.attestation_coverage_summary(1, NULL)"),
    ("an unknown reason to record", "22023", "SELECT model_risk.record_approval_status_changes('NIGHTLY')"),
    ("no reason to record", "22023", "SELECT model_risk.record_approval_status_changes(NULL)"),
]


# The isolation level is a matter of the transaction, so this one has a transaction of its own
RECORD = "SELECT model_risk.record_approval_status_changes('MANUAL')"
OLD_SNAPSHOT = "25000"


def refusal(conn: psycopg.Connection[Any], statement: str) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught, conn.transaction():
        conn.execute(statement)
    return caught.value


@pytest.mark.parametrize(("sqlstate", "statement"), [pytest.param(*rest, id=what) for what, *rest in REFUSED])
def test_it_is_refused_with_code_detail_and_hint(
    conn: psycopg.Connection[Any], sqlstate: str, statement: str
) -> None:
    error = refusal(conn, statement)
    assert error.sqlstate == sqlstate
    assert error.diag.message_detail, "no DETAIL"
    assert error.diag.message_hint, "no HINT"
    message = error.diag.message_primary or ""
    assert not message.endswith("."), "the message is one line, no sentence"
    assert "\n" not in message
    assert "model_risk." not in message, "the message names its subject, not the function"
    assert conn.execute("SELECT refresh.as_of_date()::text").fetchone() == ("2025-06-30",), "the day was not restored"


@pytest.mark.parametrize("level", ["REPEATABLE_READ", "SERIALIZABLE"])
def test_a_recorder_with_an_old_snapshot_is_refused(shared_db: str, level: str) -> None:
    error = old_snapshot(shared_db, psycopg.IsolationLevel[level])
    assert error.sqlstate == OLD_SNAPSHOT
    assert error.diag.message_detail, "no DETAIL"
    assert error.diag.message_hint, "no HINT"


def old_snapshot(dsn: str, level: psycopg.IsolationLevel) -> psycopg.Error:
    with psycopg.connect(dsn) as connection:
        connection.isolation_level = level
        return refusal(connection, RECORD)


def test_each_raise_an_application_can_meet_is_reached(conn: psycopg.Connection[Any], shared_db: str) -> None:
    errors = [refusal(conn, statement) for _, _, statement in REFUSED]
    errors.append(old_snapshot(shared_db, psycopg.IsolationLevel.SERIALIZABLE))
    reached = {place for error in errors if (place := raised_at(error))}
    assert {place for place in raises(conn) if place not in reached} == set()


def raised_at(error: psycopg.Error) -> tuple[str, int] | None:
    first = re.match(r"PL/pgSQL function (model_risk\.\w+)\(.*?\) line (\d+) at RAISE", error.diag.context or "")
    return (first[1], int(first[2])) if first else None


def raises(conn: psycopg.Connection[Any]) -> Iterator[tuple[str, int]]:
    """Function and line of each RAISE EXCEPTION in what applications may call; lines counted as PL/pgSQL counts."""
    rows = conn.execute("""
        SELECT 'model_risk.' || pro.proname, pro.prosrc FROM pg_proc AS pro
        INNER JOIN pg_language AS lan ON pro.prolang = lan.oid
        WHERE pro.pronamespace = 'model_risk'::regnamespace AND lan.lanname = 'plpgsql'
            AND has_function_privilege('tidemark_app', pro.oid, 'EXECUTE')
    """).fetchall()
    for name, source in rows:
        for number, line in enumerate(source.split("\n"), start=1):
            if "RAISE EXCEPTION" in line:
                yield name, number


def test_each_code_is_in_the_documentation() -> None:
    section = DOCUMENT.read_text().partition("## Model risk")[2].partition("\n## ")[0]
    codes = {sqlstate for _, sqlstate, _ in REFUSED} | {OLD_SNAPSHOT}
    assert {code for code in codes if f"`{code}`" not in section} == set()


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        pytest.param("SELECT * FROM model_risk.regional_compliance_report('XX')", 0, id="an unknown region code"),
        pytest.param(
            f"SELECT * FROM model_risk.regional_compliance_report(NULL, {UNKNOWN})", 0, id="an unknown model"
        ),
        pytest.param(
            f"SELECT * FROM model_risk.regional_compliance_report(NULL, NULL, {UNKNOWN})", 0, id="an unknown team"
        ),
        pytest.param(f"SELECT * FROM model_risk.kpi_report_header(NULL, {UNKNOWN})", 1, id="a KPI report of no team"),
        pytest.param("SELECT * FROM model_risk.kpi_models('4.1')", 0, id="a drill-down of a count"),
        pytest.param("SELECT * FROM model_risk.attestation_cycle_list('OPEN', 500, 1000000)", 0, id="a late page"),
    ],
)
def test_it_is_no_error(conn: psycopg.Connection[Any], statement: str, count: int) -> None:
    assert len(conn.execute(statement).fetchall()) == count


def test_a_model_without_tier_and_an_owner_without_team_have_defined_results(conn: psycopg.Connection[Any]) -> None:
    conn.execute("SET LOCAL tidemark.source = 'live'")
    conn.execute("""
        INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
        INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id)
        VALUES (901, 'a@bank', 'Owner', 'USER', 901);
        INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
        VALUES (901, 'PD', 'In-House', 901, 'Active', '2020-01-01');
        INSERT INTO model_risk.validation_requests (
            request_id, validation_type, current_status, priority, request_date, target_completion_date,
            completion_date, created_at, updated_at
        ) VALUES (901, 'INITIAL', 'APPROVED', 'STANDARD', '2020-01-01', '2020-06-30', '2020-06-01', '2020-01-01', '2020-06-01');
        INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (901, 901);
    """)
    assert conn.execute("""
        SELECT model_risk.revalidation_status_of(901), model_risk.approval_status_of(901), model_risk.validation_status_of(901)
    """).fetchone() == ("No Policy Configured", "APPROVED", None)
    assert conn.execute("SELECT team_id, team_name, total_active_models FROM model_risk.kpi_report_header(NULL, 0)").fetchone() == (
        0, "Unassigned", 1,
    )  # fmt: skip
    assert conn.execute("SELECT category FROM model_risk.kpi_report() WHERE metric_id = '4.2'").fetchall() == [
        ("Unassigned",)
    ]
