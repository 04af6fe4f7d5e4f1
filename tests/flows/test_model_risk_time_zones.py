"""Results depend on the business time zone and on nothing the session sets for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.golden import files, load
from tidemark.steps import finish

GOLDEN = Path(__file__).parents[1] / "golden" / "model_risk"
DAY = "2025-06-30"
FUNCTIONS = [
    f"model_risk.revalidation_at('{DAY}')",
    f"model_risk.approval_at('{DAY}')",
    f"model_risk.model_list_at('{DAY}')",
    f"model_risk.status_transition_at('{DAY}')",
    f"model_risk.kpi_report(NULL, NULL, '{DAY}')",
    f"model_risk.kpi_report(1, 0, '{DAY}')",
    "model_risk.regional_compliance_report(NULL, NULL, NULL, false)",
    "model_risk.attestation_cycle_list(NULL, 500)",
    f"model_risk.attestation_coverage_report(1, '{DAY}')",
    f"model_risk.attestation_coverage_summary(1, '{DAY}')",
]
SESSIONS = [
    "SET TimeZone = 'Asia/Tokyo'",
    "SET TimeZone = 'America/New_York'",
    "SET TimeZone = 'Pacific/Kiritimati'",
    "SET DateStyle = 'SQL, DMY'",
    "SET DateStyle = 'German'",
    "SET DateStyle = 'Postgres, MDY'",
    "SET IntervalStyle = 'sql_standard'",
    "SET extra_float_digits = 0",
    "SET search_path = ''",
]


@pytest.fixture(scope="module", name="golden_db")
def _golden_db(server: Any, applied_db: str) -> Iterator[str]:
    """The golden inventory, with every instant of it moved next to a midnight of some zone."""
    with server.database(applied_db) as name:
        tables = [file for path, file in files.find(GOLDEN).items() if path.startswith("tables/")]
        with db.connect(server.dsn(name)) as connection:
            finish(load.load_tables(connection, "model_risk", tables))
        with psycopg.connect(server.dsn(name)) as connection:
            # 14:59 to 15:01 UTC is midnight in Tokyo, 03:59 to 05:01 in New York, 23:59 to 00:01 in UTC
            connection.execute("""
                UPDATE model_risk.validation_requests SET
                    completion_date = date_trunc('day', completion_date, 'UTC') + (ARRAY[
                        '0:01', '23:59', '15:01', '14:59', '3:59', '5:01'
                    ]::interval[])[1 + request_id % 6];
                UPDATE model_risk.attestation_records SET
                    attested_at = date_trunc('day', attested_at, 'UTC') + (ARRAY['0:01', '23:59', '15:01']::interval[])[1 + attestation_id % 3];
                UPDATE model_risk.monitoring_cycles SET
                    submitted_at = date_trunc('day', submitted_at, 'UTC') + (ARRAY['0:01', '23:59', '15:01']::interval[])[1 + cycle_id % 3];
            """)
        yield server.dsn(name)


@pytest.fixture(name="session")
def _session(golden_db: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(golden_db) as connection:
        connection.execute(
            f"SET LOCAL TimeZone = 'UTC'; SET LOCAL tidemark.as_of = '{DAY}'; SET LOCAL tidemark.source = 'live'"
        )
        yield connection
        connection.rollback()


def results(session: psycopg.Connection[Any]) -> dict[str, Counter[Any]]:
    """All rows of all live views and functions, in binary form: no setting takes part in printing them."""
    names = session.execute("""
        SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace IN ('model_risk'::regnamespace, 'bi'::regnamespace) AND relkind = 'v'
            AND relname !~ '(_by_[a-z_]+|freshness|catalog)$' AND (relnamespace = 'model_risk'::regnamespace OR relname ~ '^model_risk')
    """).fetchall()
    sources = [*(name for (name,) in names), *FUNCTIONS]
    with session.cursor(binary=True) as cursor:
        return {source: Counter(cursor.execute(f"SELECT * FROM {source}").fetchall()) for source in sources}


@pytest.fixture(scope="module", name="expected")
def _expected(golden_db: str) -> dict[str, Counter[Any]]:
    with psycopg.connect(golden_db) as connection:
        connection.execute(f"SET TimeZone = 'UTC'; SET tidemark.as_of = '{DAY}'; SET tidemark.source = 'live'")
        return results(connection)


def test_there_is_something_to_compare(expected: dict[str, Counter[Any]]) -> None:
    assert sum(counter.total() for counter in expected.values()) > 5000
    assert len(expected) > 25


@pytest.mark.parametrize("setting", SESSIONS)
def test_a_session_setting_changes_nothing(
    session: psycopg.Connection[Any], expected: dict[str, Counter[Any]], setting: str
) -> None:
    session.execute(setting)
    found = results(session)
    assert {source for source in expected if found[source] != expected[source]} == set()


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_day_of_the_session_is_the_business_day(session: psycopg.Connection[Any], zone: str) -> None:
    session.execute(f"SET LOCAL TimeZone = '{zone}'; SET LOCAL tidemark.as_of = '2025-06-30 20:00+00'")
    assert value(session, "SELECT refresh.as_of_date()::text") == "2025-06-30"


# What the business zone moves: each instant lies at 20:00 UTC, which in Tokyo is the next day
@pytest.fixture(name="bank")
def _bank(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    conn.execute("""
        SET LOCAL TimeZone = 'America/New_York';
        SET LOCAL tidemark.source = 'live';
        INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
        INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id)
        VALUES (901, 'a@bank', 'Owner', 'USER', 901);
        INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'T1', 'One', 1, true);
        INSERT INTO model_risk.validation_policies (risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days)
        VALUES (901, 12, 2, 30);
        INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, risk_tier_id, created_at)
        VALUES (901, 'PD', 'In-House', 901, 'Active', 901, '2020-01-01');
        INSERT INTO model_risk.validation_requests (
            request_id, validation_type, current_status, priority, request_date, target_completion_date,
            completion_date, created_at, updated_at
        ) VALUES (901, 'INITIAL', 'APPROVED', 'STANDARD', '2020-01-01', '2020-06-30',
            '2024-04-30 20:00+00', '2024-04-28 10:00+00', '2024-04-30 20:00+00');
        INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (901, 901);
        INSERT INTO model_risk.attestation_cycles
        (cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status)
        VALUES (901, 'Q1', '2025-01-01', '2025-03-31', '2025-04-15', 'CLOSED');
        INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status, attested_at)
        VALUES (901, 901, 901, '2025-04-15', 'ACCEPTED', '2025-04-15 20:00+00');
        INSERT INTO model_risk.monitoring_plans (plan_id, name, frequency, is_active) VALUES (901, 'Plan', 'Annual', true);
        INSERT INTO model_risk.monitoring_plan_memberships (plan_id, model_id, effective_from) VALUES (901, 901, '2020-01-01');
        INSERT INTO model_risk.monitoring_cycles
        (plan_id, period_start_date, period_end_date, submission_due_date, report_due_date, status, submitted_at)
        VALUES (901, '2025-01-01', '2025-03-31', '2025-04-15', '2025-04-30', 'APPROVED', '2025-04-15 20:00+00');
        INSERT INTO model_risk.decommissioning_requests (model_id, status, created_at, final_reviewed_at)
        VALUES (901, 'APPROVED', '2024-01-01', '2024-06-29 20:00+00');
    """)
    return conn


BUSINESS = {
    "the clock starts": (
        "SELECT last_validation_date::text FROM model_risk.revalidation WHERE model_id = 901", "2024-04-30", "2024-05-01"),
    "grace ends": (
        "SELECT grace_period_end::text FROM model_risk.revalidation WHERE model_id = 901", "2025-06-30", "2025-07-01"),
    "the models list counts from": (
        "SELECT last_validation_date::text FROM model_risk.model_list WHERE model_id = 901", "2024-04-30", "2024-05-01"),
    "timely attestations": ("SELECT timely_attestations FROM model_risk.kpi_programme", 1, 0),
    "timely cycles": ("SELECT timely_monitoring_cycles FROM model_risk.kpi_programme", 1, 0),
    "a model timely in all cycles": (
        "SELECT is_monitoring_timely FROM model_risk.kpi_fact WHERE model_id = 901", True, False),
    "decommissioned within 365 days": ("SELECT decommissioned_last_year FROM model_risk.kpi_programme", 0, 1),
    "days a validation took": (
        "SELECT average_days FROM model_risk.kpi_validation_time WHERE request_count = 1", 2, 3),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "in_utc", "in_tokyo"), BUSINESS.values(), ids=BUSINESS)
def test_the_business_zone_decides_the_day(
    bank: psycopg.Connection[Any], statement: str, in_utc: Any, in_tokyo: Any
) -> None:
    assert value(bank, statement) == in_utc
    bank.execute("SET LOCAL tidemark.time_zone = 'Asia/Tokyo'")
    assert value(bank, statement) == in_tokyo


def test_the_business_zone_decides_which_day_it_is(bank: psycopg.Connection[Any]) -> None:
    question = "SELECT revalidation_status FROM model_risk.revalidation WHERE model_id = 901"
    bank.execute("SET LOCAL tidemark.as_of = '2025-06-30 20:00+00'")
    assert value(bank, question) == "Upcoming"
    bank.execute("SET LOCAL tidemark.time_zone = 'Asia/Tokyo'")
    assert value(bank, question) == "Upcoming", "both the clock and the end of grace move by a day"
    bank.execute("UPDATE model_risk.validation_requests SET completion_date = '2024-04-30 10:00+00'")
    assert value(bank, question) == "Should Create Request"
    bank.execute("SET LOCAL tidemark.time_zone = 'UTC'")
    assert value(bank, question) == "Upcoming"


def value(session: psycopg.Connection[Any], statement: str) -> Any:
    row = session.execute(statement).fetchone()
    return row[0] if row else None
