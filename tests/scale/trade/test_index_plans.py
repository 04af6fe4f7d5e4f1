"""The indexes that the page promises: their definitions, and the reads that the planner serves by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.generate import Request, generate
from tidemark.steps import finish

# name: table, method, columns, predicate
PROMISED = {
    "idx_hs_codes_code": "hs_codes btree (code)",
    "idx_hs_codes_chapter": "hs_codes btree (chapter)",
    "idx_hs_codes_level": "hs_codes btree (level)",
    "idx_hs_codes_description_trgm": "hs_codes gin (description_parts)",  # runs of three characters without an extension
    "idx_hs_codes_code_description": "hs_codes btree (code, description)",
    "idx_hs_codes_parent": "hs_codes btree (parent) WHERE (parent IS NOT NULL)",
    "idx_hs_codes_section_level": "hs_codes btree (section, level) WHERE (section IS NOT NULL)",
    "idx_hs_codes_version": "hs_codes btree (version)",
    "idx_hs_codes_chapter_level": "hs_codes btree (chapter, level) WHERE (chapter IS NOT NULL)",
    "idx_psra_rules_rule_id": "psra_rules btree (rule_id)",
    "idx_psra_rules_agreement_code": "psra_rules btree (agreement_code)",
    "idx_psra_rules_agreement_hs_chapter": "psra_rules btree (agreement_code, hs_chapter)",
    "idx_psra_rules_hs_hierarchy": "psra_rules btree (hs_chapter, hs_heading, hs_subheading)",
    "idx_psra_rules_effective_dates": "psra_rules btree (effective_from, effective_to)",
    "idx_psra_rules_active": "psra_rules btree (effective_from) WHERE (effective_to IS NULL)",
    "idx_psra_rules_priority": "psra_rules btree (priority DESC)",
    "idx_psra_rules_jurisdictions": "psra_rules gin (jurisdictions)",
    "idx_psra_rules_payload": "psra_rules gin (payload)",
    "idx_psra_verdicts_evaluation_id": "psra_verdicts btree (evaluation_id)",
    "idx_psra_verdicts_request_id": "psra_verdicts btree (request_id)",
    "idx_psra_verdicts_rule_id": "psra_verdicts btree (rule_id)",
    "idx_psra_verdicts_tenant_id": "psra_verdicts btree (tenant_id)",
    "idx_psra_verdicts_created_at_desc": "psra_verdicts btree (created_at DESC)",
    "idx_psra_verdicts_tenant_created": "psra_verdicts btree (tenant_id, created_at DESC)",
    "idx_psra_verdicts_tenant_status": "psra_verdicts btree (tenant_id, status)",
    "idx_psra_verdicts_agreement_hs": "psra_verdicts btree (agreement_code, hs_subheading)",
    "idx_psra_verdicts_trade_route": "psra_verdicts btree (export_country, import_country)",
    "idx_psra_verdicts_effective_date": "psra_verdicts btree (effective_date)",
    "idx_psra_verdicts_tenant_effective": "psra_verdicts btree (tenant_id, effective_date DESC)",
    "idx_psra_verdicts_input_hash": "psra_verdicts btree (input_hash)",
    "idx_psra_verdicts_citations": "psra_verdicts gin (citations)",
    "idx_psra_verdicts_reasons": "psra_verdicts gin (reasons)",
    "idx_psra_verdicts_confidence": "psra_verdicts btree (confidence DESC)",
    "idx_psra_verdicts_status_confidence": "psra_verdicts btree (status, confidence DESC)",
    "idx_psra_verdicts_lineage_required": "psra_verdicts btree (lineage_required) WHERE (lineage_required = true)",
}
READS = [  # a read, and the indexes it must be served by
    ("SELECT * FROM trade.hs_search('glass polymers')", {"idx_hs_codes_description_trgm"}),
    ("SELECT * FROM trade.hs_search('8471')", {"idx_hs_codes_description_trgm", "idx_hs_codes_code"}),
    ("SELECT * FROM trade.hs_codes WHERE parent = '84'", {"idx_hs_codes_parent"}),
    ("SELECT * FROM trade.psra_rules WHERE agreement_code = 'CETA' AND hs_chapter = '84'", {"idx_psra_rules_agreement_hs_chapter"}),
    ("SELECT * FROM trade.rule_lookup('CETA', '847110', '2025-01-01', 'DE')", {"psra_rules_hs_prefix_idx", "rule_supersessions_pkey"}),
    ("SELECT * FROM trade.recent_verdicts(100)", {"idx_psra_verdicts_created_at_desc"}),
    ("SELECT * FROM trade.tenant_history('{tenant}')", {"idx_psra_verdicts_tenant_created"}),
    ("SELECT count(*) FROM trade.psra_verdicts WHERE tenant_id = '{tenant}' AND status = 'qualified'", {"idx_psra_verdicts_tenant_status"}),
    ("SELECT * FROM trade.psra_verdicts WHERE export_country = 'NZ' AND import_country = 'CN'", {"idx_psra_verdicts_trade_route"}),
    ("SELECT * FROM trade.evaluations_of('{tenant}', repeat('a', 64))", {"idx_psra_verdicts_input_hash"}),
    ("SELECT * FROM trade.psra_verdicts WHERE agreement_code = 'CETA' AND hs_subheading = '390110'", {"idx_psra_verdicts_agreement_hs"}),
    ("SELECT * FROM trade.psra_verdicts WHERE effective_date = '2025-06-01'", {"idx_psra_verdicts_effective_date"}),
    ("SELECT * FROM trade.low_confidence_verdicts(20)", {"idx_psra_verdicts_status_confidence"}),
    ("""SELECT * FROM trade.psra_verdicts WHERE reasons @> '[{{"code": "NOT_WHOLLY_OBTAINED"}}]'""", {"idx_psra_verdicts_reasons"}),
    ("""SELECT * FROM trade.psra_verdicts WHERE citations @> '[{{"section": "HS 999999"}}]'""", {"idx_psra_verdicts_citations"}),
    ("SELECT * FROM trade.psra_verdicts WHERE lineage_required = TRUE", {"idx_psra_verdicts_lineage_required"}),
    ("SELECT * FROM trade.insights_at('2025-06-30')", {"psra_verdicts_decided_at_idx", "ltsd_declarations_valid_to_idx"}),
    ("""SELECT * FROM trade.kpi_verdict_month WHERE tenant_id = '{tenant}' AND agreement_code = 'CETA' AND month = '2025-05-01'
        AND export_country = 'CA' AND import_country = 'NL'""", {"psra_verdicts_month_cell_idx"}),
    ("SELECT * FROM trade.reason_month WHERE tenant_id = '{tenant}' AND agreement_code = 'CETA' AND month = '2025-05-01'", {"psra_verdicts_month_cell_idx"}),
    ("SELECT * FROM trade.route_day WHERE export_country = 'CA' AND import_country = 'NL' AND effective_date = '2025-05-01'", {"idx_psra_verdicts_effective_date"}),
    ("SELECT * FROM trade.duplicates WHERE tenant_id = '{tenant}' AND input_hash = repeat('a', 64)::char(64)", {"idx_psra_verdicts_input_hash"}),
]  # fmt: skip
MAINTAINED = [
    "trade.kpi_month",
    "trade.kpi_agreement",
    "trade.kpi_tenant",
    "trade.kpi_reasons",
    "trade.duplicate_list()",
]


@pytest.fixture(scope="module", name="filled")
def _filled(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    with server.database(applied_db) as name:
        dsn = server.dsn(name)
        with db.connect(dsn) as connection:
            finish(generate(connection, "trade", Request(12000, date(2025, 6, 30), 1, False, False)))
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("SELECT refresh_internal.run_all()")
            yield connection


def test_every_promised_index_is_there(filled: psycopg.Connection[Any]) -> None:
    rows = filled.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'trade' AND indexname LIKE 'idx%'"
    ).fetchall()
    found = {name: definition.split(" ON trade.")[1].replace(" USING", "") for name, definition in rows}
    assert found == PROMISED


@pytest.mark.parametrize(("read", "indexes"), READS)
def test_the_planner_reads_by_the_promised_index(
    filled: psycopg.Connection[Any], read: str, indexes: set[str]
) -> None:
    (tenant,) = filled.execute(
        "SELECT tenant_id FROM trade.psra_verdicts GROUP BY 1 ORDER BY count(*), 1 LIMIT 1"
    ).fetchone() or (None,)
    plan = "\n".join(line for (line,) in filled.execute(f"EXPLAIN {read.format(tenant=tenant)}").fetchall())
    # a longer index that begins with the code serves its prefix as well
    plan = plan.replace("idx_hs_codes_code_description", "idx_hs_codes_code")
    assert all(index in plan for index in indexes), plan
    assert "Seq Scan on psra_verdicts" not in plan


@pytest.mark.parametrize("read", MAINTAINED)
def test_maintained_figures_never_scan_verdicts(filled: psycopg.Connection[Any], read: str) -> None:
    plan = "\n".join(line for (line,) in filled.execute(f"EXPLAIN (ANALYZE) SELECT * FROM {read}").fetchall())
    assert "on psra_verdicts" not in plan, plan
