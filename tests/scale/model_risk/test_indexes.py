"""Each index that is no key is used: by a plan of ours, or when a row that others point to is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

# What deleting a parent asks of the child table: one value of the foreign key
FOREIGN_KEYS = {
    "lob_units_team_id_idx": "lob_units.team_id",
    "users_lob_id_idx": "users.lob_id",
    "models_owner_id_idx": "models.owner_id",
    "models_risk_tier_id_idx": "models.risk_tier_id",
    "models_methodology_id_idx": "models.methodology_id",
    "model_versions_validation_request_id_idx": "model_versions.validation_request_id",
    "model_regions_version_id_idx": "model_regions.version_id",
    "validation_requests_prior_validation_request_id_idx": "validation_requests.prior_validation_request_id",
    "validation_approvals_approver_id_idx": "validation_approvals.approver_id",
    "attestation_records_model_id_idx": "attestation_records.model_id",
    "monitoring_plan_memberships_plan_id_model_id_idx": "monitoring_plan_memberships.plan_id",
    "monitoring_cycles_plan_id_idx": "monitoring_cycles.plan_id",
    "monitoring_results_model_id_cycle_id_idx": "monitoring_results.model_id",
    "recommendations_monitoring_cycle_id_idx": "recommendations.monitoring_cycle_id",
    "model_limitations_model_id_idx": "model_limitations.model_id",
    "model_exceptions_model_id_idx": "model_exceptions.model_id",
    "decommissioning_requests_model_id_idx": "decommissioning_requests.model_id",
}
QUERIES = {
    "models_status_idx": "SELECT * FROM model_risk.models WHERE status = 'Pending Decommission'",
    "model_regions_region_id_model_id_idx": "SELECT model_id FROM model_risk.model_regions WHERE region_id = 2",
    "validation_requests_request_id_approved_idx": "SELECT * FROM model_risk.approved_request WHERE model_id = 1500",
    "validation_request_models_model_id_request_id_idx": "SELECT * FROM model_risk.revalidation WHERE model_id = 1500",
    "validation_approvals_request_id_region_id_approval_type_idx":
        "SELECT * FROM model_risk.regional_compliance WHERE model_id = 1500",
    "model_approval_status_history_model_id_history_id_idx": """
        SELECT DISTINCT ON (model_id) model_id, new_status FROM model_risk.model_approval_status_history
        WHERE model_id = 1500 ORDER BY model_id, history_id DESC""",
    "attestation_cycles_period_start_date_cycle_id_idx": """
        SELECT cycle_id FROM model_risk.attestation_cycles ORDER BY period_start_date DESC, cycle_id DESC LIMIT 10""",
    "attestation_records_cycle_id_status_idx":
        "SELECT * FROM model_risk.attestation_cycle_count WHERE cycle_id = 5",
    "recommendations_model_id_open_idx": "SELECT * FROM model_risk.kpi_fact WHERE model_id = 1500",
}  # fmt: skip


@pytest.fixture(scope="module", name="bank")
def _bank(make_bank: Any) -> Any:
    bank = make_bank(3000)
    with psycopg.connect(bank.dsn, autocommit=True) as connection:
        connection.execute("SELECT model_risk.record_approval_status_changes('BACKFILL')")
        connection.execute("""
            INSERT INTO model_risk.attestation_cycles (cycle_name, period_start_date, period_end_date, submission_due_date, status)
            SELECT 'Early', day, day + 30, day + 45, 'CLOSED'
            FROM (SELECT DATE '2000-01-01' + day AS day FROM generate_series(1, 2000) AS day) AS early
        """)
        connection.execute("VACUUM ANALYZE")
    return bank


@pytest.fixture(name="session")
def _session(bank: Any) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(bank.dsn) as connection:
        connection.execute("SET LOCAL tidemark.source = 'live'")
        yield connection
        connection.rollback()


def used(session: psycopg.Connection[Any], query: str) -> str:
    row = session.execute(f"EXPLAIN (FORMAT JSON) {query}").fetchone()
    assert row is not None
    return str(row[0])


def test_no_index_is_unaccounted_for(session: psycopg.Connection[Any]) -> None:
    found = session.execute("""
        SELECT cls.relname FROM pg_index AS idx INNER JOIN pg_class AS cls ON idx.indexrelid = cls.oid
        INNER JOIN pg_class AS tab ON idx.indrelid = tab.oid
        WHERE cls.relnamespace = 'model_risk'::regnamespace AND NOT idx.indisunique AND tab.relkind = 'r'
    """).fetchall()
    assert {name for (name,) in found} == FOREIGN_KEYS.keys() | QUERIES.keys()


@pytest.mark.parametrize(("index", "column"), FOREIGN_KEYS.items())
def test_it_finds_the_rows_that_point_to_a_deleted_one(
    session: psycopg.Connection[Any], index: str, column: str
) -> None:
    table, _, name = column.partition(".")
    session.execute(
        "SET LOCAL enable_seqscan = off"
    )  # a few tables stay small; the question is whether it can be used
    session.execute("PREPARE child (integer) AS SELECT FROM model_risk." + f"{table} WHERE {name} = $1")
    session.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    assert index in used(session, "EXECUTE child (1)")


@pytest.mark.parametrize(("index", "query"), QUERIES.items())
def test_a_query_of_ours_uses_it(session: psycopg.Connection[Any], index: str, query: str) -> None:
    assert index in used(session, query)
