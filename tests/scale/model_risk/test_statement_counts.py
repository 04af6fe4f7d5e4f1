"""A report runs as many statements over a large inventory as over a small one."""

from __future__ import annotations

from typing import Any

import pytest

CALLS = {
    "KPI report": "SELECT * FROM model_risk.kpi_report()",
    "KPI report of a region and a team": "SELECT * FROM model_risk.kpi_report(1, 1)",
    "KPI header": "SELECT * FROM model_risk.kpi_report_header()",
    "drill-down": "SELECT * FROM model_risk.kpi_models('4.6')",
    "regional report": "SELECT * FROM model_risk.regional_compliance_report(NULL, NULL, NULL, false)",
    "regional header": "SELECT * FROM model_risk.regional_compliance_header()",
    "revalidation of all": "SELECT * FROM model_risk.revalidation_at('2025-06-30')",
    "approvals of all": "SELECT * FROM model_risk.approval_at('2025-06-30')",
    "models list": "SELECT * FROM model_risk.model_list_at('2025-06-30')",
    "transitions": "SELECT * FROM model_risk.status_transition_at('2025-06-30')",
    "cycle list": "SELECT * FROM model_risk.attestation_cycle_list(NULL, 500)",
    "coverage": "SELECT * FROM model_risk.attestation_coverage_report(1)",
    "history": "SELECT model_risk.record_approval_status_changes('BACKFILL')",
}
SMALL, LARGE = 50, 1500


@pytest.fixture(scope="module", name="counts")
def _counts(make_bank: Any, watch: Any) -> dict[tuple[str, str], list[int]]:
    """Statements per source of rows and call: first over the small, then over the large inventory."""
    bank = make_bank(SMALL)
    found: dict[tuple[str, str], list[int]] = {}
    for more in (0, LARGE):
        if more:
            bank.grow(more)
        bank.refresh()
        for source in ("live", "stored"):
            with bank.session(source) as connection:
                for name, call in CALLS.items():
                    found.setdefault((source, name), []).append(sum(map(is_ours, watch(connection, call))))
                    connection.rollback()
    return found


def is_ours(statement: Any) -> bool:
    """PostgreSQL itself looks up the parent of each inserted row."""
    return not statement.text.startswith("SELECT 1 FROM ONLY ")


@pytest.mark.parametrize("source", ["live", "stored"])
@pytest.mark.parametrize("name", CALLS)
def test_the_number_of_statements_does_not_depend_on_the_inventory(
    counts: dict[tuple[str, str], list[int]], source: str, name: str
) -> None:
    small, large = counts[source, name]
    assert small == large
    assert 1 <= large <= 25, "a report is a handful of statements"
