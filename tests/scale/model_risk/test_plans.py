"""Plans of the reports: each reads what it needs through the index made for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from .conftest import rows_read

CYCLES, RECORDS = 2000, 10
APPROVAL_INDEX = "validation_approvals_request_id_region_id_approval_type_idx"


@pytest.fixture(scope="module", name="bank")
def _bank(make_bank: Any) -> Any:
    """3,000 models; 2,000 attestation cycles of ten records each instead of the generated ones."""
    bank = make_bank(3000)
    with psycopg.connect(bank.dsn, autocommit=True) as connection:
        connection.execute(f"""
            TRUNCATE model_risk.attestation_cycles CASCADE;
            INSERT INTO model_risk.attestation_cycles
            (cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status)
            SELECT id, 'Cycle ' || id, start, start + 30, start + 45, (ARRAY['OPEN', 'CLOSED'])[1 + id % 2]
            FROM (SELECT id, DATE '2015-01-01' + id / 2 AS start FROM generate_series(1, {CYCLES}) AS id) AS cycle;
            INSERT INTO model_risk.attestation_records (cycle_id, model_id, attesting_user_id, due_date, status)
            SELECT cycle.cycle_id, mdl.model_id, mdl.owner_id, cycle.submission_due_date, 'ACCEPTED'
            FROM model_risk.attestation_cycles AS cycle
            CROSS JOIN (SELECT model_id, owner_id FROM model_risk.models ORDER BY model_id LIMIT {RECORDS}) AS mdl;
        """)
        connection.execute("VACUUM ANALYZE model_risk.attestation_records, model_risk.attestation_cycles")
    return bank


@pytest.fixture(name="session")
def _session(bank: Any) -> Iterator[psycopg.Connection[Any]]:
    with bank.session() as connection:
        yield connection


def scans(session: psycopg.Connection[Any], watch: Any, call: str, table: str) -> list[dict[str, Any]]:
    return [node for statement in watch(session, call) for node in statement.scans(table)]


@pytest.mark.parametrize(
    "call",
    [
        "SELECT * FROM model_risk.regional_compliance_report()",
        "SELECT * FROM model_risk.regional_compliance_report('EU', NULL, NULL, false)",
        "SELECT * FROM model_risk.regional_compliance_report(NULL, 7)",
    ],
)
def test_regional_approvals_are_looked_up_by_their_index_or_hashed_once(
    session: psycopg.Connection[Any], watch: Any, call: str
) -> None:
    found = scans(session, watch, call, "validation_approvals")
    assert all(node.get("Index Name") == APPROVAL_INDEX or node["Actual Loops"] == 1 for node in found), found


def test_some_regional_approvals_are_looked_up(session: psycopg.Connection[Any], watch: Any) -> None:
    assert scans(session, watch, "SELECT * FROM model_risk.regional_compliance_report()", "validation_approvals")


@pytest.mark.parametrize(
    ("call", "cycles"),
    [
        ("SELECT * FROM model_risk.attestation_cycle_list()", 100),
        ("SELECT * FROM model_risk.attestation_cycle_list(NULL, 100, 1000)", 100),
        ("SELECT * FROM model_risk.attestation_cycle_list('OPEN', 100)", 100),
        ("SELECT * FROM model_risk.attestation_cycle_list(NULL, 1, 1999)", 1),
        ("SELECT * FROM model_risk.attestation_cycle_page(NULL, 100)", 100),
        ("SELECT * FROM model_risk.attestation_cycle_page(NULL, 100, '2016-01-01', 730)", 100),
        ("SELECT * FROM model_risk.attestation_cycle_page('CLOSED', 100, '2016-01-01', 730)", 100),
    ],
)
def test_a_page_reads_only_the_records_of_its_cycles(
    session: psycopg.Connection[Any], watch: Any, call: str, cycles: int
) -> None:
    assert len(session.execute(call).fetchall()) == cycles
    assert rows_read(scans(session, watch, call, "attestation_records")) == cycles * RECORDS


def test_a_deep_page_of_the_keyset_form_skips_nothing(session: psycopg.Connection[Any], watch: Any) -> None:
    call = "SELECT * FROM model_risk.attestation_cycle_page(NULL, 100, '2016-01-01', 730)"
    found = scans(session, watch, call, "attestation_cycles")
    assert any(node.get("Index Name") == "attestation_cycles_period_start_date_cycle_id_idx" for node in found)
    assert rows_read(found) <= 201, "one hundred for the page and one each for its counts"


def test_the_coverage_of_a_cycle_reads_only_its_records(session: psycopg.Connection[Any], watch: Any) -> None:
    call = "SELECT * FROM model_risk.attestation_coverage_report(1000)"
    assert rows_read(scans(session, watch, call, "attestation_records")) == RECORDS


@pytest.mark.parametrize("function", ["revalidation_status_of", "approval_status_of", "validation_status_of"])
def test_the_status_of_one_model_reads_only_that_model(
    session: psycopg.Connection[Any], watch: Any, function: str
) -> None:
    statements = watch(session, f"SELECT model_risk.{function}(1500)")
    for table in ("models", "validation_requests", "validation_request_models", "validation_outcomes"):
        read = rows_read([node for statement in statements for node in statement.scans(table)])
        assert read <= 100, f"{read} rows of {table}"


@pytest.mark.parametrize("scope", ["1, 1", "1, NULL", "NULL, 0", "NULL, NULL"])
def test_the_kpi_report_reads_only_the_cells_of_its_scope(bank: Any, watch: Any, scope: str) -> None:
    bank.refresh()
    with bank.session(source="stored") as session:
        condition = f"scope_code = model_risk.kpi_scope_code({scope})"
        cells, others = session.execute(
            f"SELECT count(*) FILTER (WHERE {condition}), count(*) FILTER (WHERE NOT {condition})"
            " FROM model_risk.kpi_breakdown_cell_by_scope"
        ).fetchone()
        assert cells
        assert others
        read = rows_read(
            [
                node
                for statement in watch(session, f"SELECT * FROM model_risk.kpi_report({scope})")
                for node in statement.nodes()
                if "kpi_breakdown_cell_by_scope" in node.get("Relation Name", "") and node["Actual Loops"]
            ]
        )
        assert read == cells
