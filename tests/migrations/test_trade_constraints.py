"""Every constraint of trade refuses the row that violates it alone, and lets the row beside it pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb


def key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def payload(**changed: Any) -> dict[str, Any]:
    """That of the rule below; ``alternatives`` and ``citations`` are put where they belong, others into the metadata."""
    citations = changed.pop("citations", [{"reference": "r"}])
    criteria = {"origin": {"alternatives": changed.pop("alternatives")}} if "alternatives" in changed else {}
    metadata = {
        "rule_id": "AB-HS39-001", "agreement": {"code": "AB", "name": "n"}, "hs_code": {"chapter": "39", "heading": "3901", "subheading": None},
        "jurisdiction": ["EU"], "effective_from": "2025-01-01", "effective_to": None, "priority": 1, "supersedes": [],
    }  # fmt: skip
    return {
        "version": changed.pop("version", "2.0.0"), "metadata": metadata | changed, "criteria": criteria,
        "decision": {"verdicts": {"qualified": {"citations": citations}}},
    }  # fmt: skip


VERDICT = {
    "id": key(5), "evaluation_id": key(6), "rule_id": "AB-HS39-001", "status": "qualified", "confidence": 1, "citations": Jsonb([]), "reasons": Jsonb([]),
    "input_payload": Jsonb({}), "input_hash": "a" * 64, "processing_time_ms": 1, "rules_evaluated": 1, "decided_at": "2025-01-01 00:00+00",
    "tenant_id": key(1), "request_id": key(7), "agreement_code": "AB", "hs_subheading": "390110", "effective_date": "2025-01-01",
    "import_country": "DE", "export_country": "GB",
}  # fmt: skip
RULE = {
    "id": key(3), "rule_id": "AB-HS39-001", "version": "2.0.0", "agreement_code": "AB", "agreement_name": "n", "hs_chapter": "39", "hs_heading": "3901",
    "jurisdictions": ["EU"], "effective_from": "2025-01-01", "priority": 1, "payload": Jsonb(payload()),
}  # fmt: skip
# One row of each table, in the order in which they can be made.
ROWS: dict[str, dict[str, Any]] = {
    "tenants": {"id": key(1), "name": "t", "subdomain": "t", "status": "active", "plan": "free"},
    "hs_sections": {"section": "VII", "ordinal": 7, "title": "t"},
    "hs_codes": {"code": "TOTAL", "description": "all", "level": 0},
    "agreements": {"code": "AB", "name": "n", "agreement_type": "customs_union", "parties": ["EU", "GB"], "effective_date": "2020-01-01", "cumulation": "none"},
    "party_members": {"party": "EU", "country": "DE", "member_from": "1958-01-01"},
    "psra_rules": RULE,
    "rule_supersessions": {"superseded_rule_id": "X", "superseding_rule_id": "AB-HS39-001"},
    "assessments": {"assessment_id": key(4), "tenant_id": key(1), "request_id": key(7), "product_code": "p", "product_hs": "390110", "agreement_code": "AB",
                    "effective_date": "2025-01-01", "export_country": "DE", "import_country": "GB", "currency": "EUR", "value_added_percentage": 0},
    "assessment_materials": {"assessment_id": key(4), "line_id": "1", "hs_code": "3901", "country_of_origin": "DE", "value": 0},
    "assessment_operations": {"assessment_id": key(4), "seq": 1, "code": "CUT"},
    "psra_verdicts": VERDICT,
    "ltsd_declarations": {"id": key(8), "tenant_id": key(1), "document_ref": "LTSD-00001", "version": 1, "status": "draft", "ltsd_type": "mixed",
                          "supplier_name": "s", "supplier_country": "DE", "customer_name": "c", "customer_country": "FR", "declared_origin": "EU",
                          "valid_from": "2025-01-01", "valid_to": "2025-01-01"},
    "ltsd_products": {"ltsd_id": key(8), "line_no": 1, "product_code": "p", "hs_code": "390110"},
}  # fmt: skip
OTHER = {  # what a second row has otherwise
    "tenants": {"id": key(91), "subdomain": "t2"},
    "hs_sections": {"section": "I", "ordinal": 1},
    "hs_codes": {"code": "40", "parent": "TOTAL", "chapter": "40", "level": 2},
    "agreements": {"code": "CD"},
    "party_members": {"country": "FR"},
    "psra_rules": {"id": key(93), "rule_id": "AB-HS39-002", "payload": Jsonb(payload(rule_id="AB-HS39-002"))},
    "rule_supersessions": {"superseded_rule_id": "Y"},
    "assessments": {"assessment_id": key(94)},
    "assessment_materials": {"line_id": "2"},
    "assessment_operations": {"seq": 2},
    "psra_verdicts": {"id": key(95), "evaluation_id": key(96)},
    "ltsd_declarations": {"id": key(98), "version": 2},
    "ltsd_products": {"line_no": 2},
}


def rule(**changed: Any) -> dict[str, Any]:
    return {"payload": Jsonb(payload(rule_id="AB-HS39-002", **changed))}


def tests(**test: Any) -> dict[str, Any]:
    return rule(alternatives=[{"label": "x", "tests": [test]}])


VIOLATIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("tenants", "tenants_pkey", {"id": key(1)}),
    ("tenants", "tenants_subdomain_key", {"subdomain": "t"}),
    ("tenants", "tenants_status_is_known_check", {"status": "gone"}),
    ("tenants", "tenants_plan_is_known_check", {"plan": "gold"}),
    ("hs_sections", "hs_sections_pkey", {"section": "VII"}),
    ("hs_sections", "hs_sections_ordinal_key", {"ordinal": 7}),
    ("hs_sections", "hs_sections_ordinal_is_one_of_21_check", {"ordinal": 22}),
    ("hs_codes", "hs_codes_pkey", {"id": -1}),
    ("hs_codes", "idx_hs_codes_code", {"code": "39", "chapter": "39"}),
    ("hs_codes", "hs_codes_section_fkey", {"section": "XX"}),
    ("hs_codes", "hs_codes_parent_fkey", {"code": "410101", "chapter": "41", "parent": "4101", "level": 6}),
    ("hs_codes", "hs_codes_description_not_blank_check", {"description": " "}),
    ("hs_codes", "hs_codes_level_is_known_check", {"level": 5}),
    ("hs_codes", "hs_codes_place_in_tree_check", {"parent": "39"}),
    ("hs_codes", "hs_codes_place_in_tree_check", {"parent": None}),
    ("hs_codes", "hs_codes_place_in_tree_check", {"chapter": "41"}),
    ("hs_codes", "hs_codes_place_in_tree_check", {"code": "4x"}),
    ("hs_codes", "hs_codes_place_in_tree_check", {"code": "ROOT", "parent": "ROOT", "chapter": None, "level": 0}),
    ("agreements", "agreements_pkey", {"code": "AB"}),
    ("agreements", "agreements_code_is_well_formed_check", {"code": "A"}),
    ("agreements", "agreements_type_is_known_check", {"agreement_type": "treaty"}),
    ("agreements", "agreements_has_two_parties_check", {"parties": ["EU"]}),
    ("agreements", "agreements_expiry_after_start_check", {"expiry_date": "2020-01-01"}),
    ("agreements", "agreements_cumulation_is_known_check", {"cumulation": "some"}),
    ("agreements", "agreements_partners_only_diagonal_check", {"cumulation_partners": ["CH"]}),
    ("agreements", "agreements_de_minimis_is_percent_check", {"de_minimis_percent": 100.01}),
    ("party_members", "party_members_pkey", {"country": "DE"}),
    ("party_members", "party_members_country_is_iso_check", {"country": "UK"}),
    ("party_members", "party_members_end_not_before_start_check", {"member_to": "1957-12-31"}),
    ("psra_rules", "psra_rules_pkey", {"id": key(3)}),
    ("psra_rules", "idx_psra_rules_rule_id", {"rule_id": "AB-HS39-001", "payload": Jsonb(payload())}),
    ("psra_rules", "psra_rules_agreement_code_fkey", {"agreement_code": "CD"} | rule(agreement={"code": "CD", "name": "n"})),
    ("psra_rules", "psra_rules_hs_prefix_fkey", {"hs_heading": "3999"} | rule(hs_code={"chapter": "39", "heading": "3999"})),
    ("psra_rules", "psra_rules_rule_id_is_well_formed_check", {"rule_id": "AB-HS40-002"} | {"payload": Jsonb(payload(rule_id="AB-HS40-002"))}),
    ("psra_rules", "psra_rules_version_is_2_check", {"version": "1.0.0"} | rule(version="1.0.0")),
    ("psra_rules", "psra_rules_chapter_is_digits_check", {"rule_id": "AB-HS3x-002", "hs_chapter": "3x"}),
    ("psra_rules", "psra_rules_heading_in_chapter_check", {"hs_heading": "4001"} | rule(hs_code={"chapter": "39", "heading": "4001"})),
    ("psra_rules", "psra_rules_subheading_in_heading_check", {"hs_subheading": "390210"} | rule(hs_code={"chapter": "39", "heading": "3901", "subheading": "390210"})),
    ("psra_rules", "psra_rules_subheading_in_heading_check", {"hs_heading": None, "hs_subheading": "390110"} | rule(hs_code={"chapter": "39", "subheading": "390110"})),
    ("psra_rules", "psra_rules_has_jurisdiction_check", {"jurisdictions": []} | rule(jurisdiction=[])),
    ("psra_rules", "psra_rules_end_not_before_start_check", {"effective_to": "2024-12-31"} | rule(effective_to="2024-12-31")),
    ("psra_rules", "psra_rules_priority_range_check", {"priority": 1000} | rule(priority=1000)),
    ("psra_rules", "psra_rules_payload_agrees_check", {"priority": 2}),
    ("psra_rules", "psra_rules_payload_agrees_check", {"supersedes": ["X"]}),
    ("psra_rules", "psra_rules_payload_agrees_check", {"effective_to": "2026-01-01"}),
    ("psra_rules", "psra_rules_payload_cites_check", rule(citations=[])),
    ("psra_rules", "psra_rules_payload_cites_check", rule(citations="none")),
    ("psra_rules", "psra_rules_payload_tests_are_known_check", tests(kind="LUCK")),
    ("psra_rules", "psra_rules_payload_tests_are_known_check", tests(kind="CTC", level="CX")),
    ("psra_rules", "psra_rules_payload_tests_are_known_check", tests(kind="MAXNOM", percent=101)),
    ("psra_rules", "psra_rules_payload_tests_are_known_check", tests(kind="RVC", percent=40, method="guess")),
    ("psra_rules", "psra_rules_payload_tests_are_known_check", tests(kind="MAXNOM", percent=40, basis="CIF")),
    ("psra_rules", "psra_rules_payload_tests_are_known_check", rule(alternatives=[{"label": "x", "tests": []}])),
    ("rule_supersessions", "rule_supersessions_pkey", {"superseded_rule_id": "X"}),
    ("rule_supersessions", "rule_supersessions_superseding_rule_id_fkey", {"superseding_rule_id": "Z"}),
    ("assessments", "assessments_pkey", {"assessment_id": key(4)}),
    ("assessments", "assessments_tenant_id_fkey", {"tenant_id": key(99)}),
    ("assessments", "assessments_product_code_without_bar_check", {"product_code": "a|b"}),
    ("assessments", "assessments_product_hs_is_six_digits_check", {"product_hs": "3901"}),
    ("assessments", "assessments_value_added_is_percent_check", {"value_added_percentage": 100.0001}),
    ("assessments", "assessments_certificates_are_well_formed_check", {"submitted_certificates": ["EUR.1", "x"]}),
    ("assessments", "assessments_certificates_are_well_formed_check", {"submitted_certificates": [None]}),
    ("assessments", "assessments_evidence_is_object_check", {"evidence": Jsonb([])}),
    ("assessments", "assessments_evidence_is_object_check", {"evidence": Jsonb({"Audit": 1})}),
    ("assessments", "assessments_status_is_known_check", {"status": "done"}),
    ("assessment_materials", "assessment_materials_pkey", {"line_id": "1"}),
    ("assessment_materials", "assessment_materials_assessment_id_fkey", {"assessment_id": key(99)}),
    ("assessment_materials", "assessment_materials_hs_code_is_digits_check", {"hs_code": "390"}),
    ("assessment_materials", "assessment_materials_value_not_negative_check", {"value": -0.01}),
    ("assessment_operations", "assessment_operations_pkey", {"seq": 1}),
    ("assessment_operations", "assessment_operations_assessment_id_fkey", {"assessment_id": key(99)}),
    ("assessment_operations", "assessment_operations_code_is_well_formed_check", {"code": "cut"}),
    ("psra_verdicts", "psra_verdicts_pkey", {"id": key(5)}),
    ("psra_verdicts", "idx_psra_verdicts_evaluation_id", {"evaluation_id": key(6)}),
    ("psra_verdicts", "psra_verdicts_tenant_id_fkey", {"tenant_id": key(99)}),
    ("psra_verdicts", "psra_verdicts_status_is_known_check", {"status": "fine"}),
    ("psra_verdicts", "psra_verdicts_confidence_is_share_check", {"confidence": 1.0001}),
    ("psra_verdicts", "psra_verdicts_citations_are_array_check", {"citations": Jsonb({})}),
    ("psra_verdicts", "psra_verdicts_reasons_are_array_check", {"reasons": Jsonb({})}),
    ("psra_verdicts", "psra_verdicts_ledger_is_address_check", {"ledger_reference": "book 1"}),
    ("psra_verdicts", "psra_verdicts_hash_is_hexadecimal_check", {"input_hash": "A" * 64}),
    ("psra_verdicts", "psra_verdicts_time_not_negative_check", {"processing_time_ms": -1}),
    ("psra_verdicts", "psra_verdicts_rules_positive_check", {"rules_evaluated": 0}),
    ("ltsd_declarations", "ltsd_declarations_pkey", {"id": key(8)}),
    ("ltsd_declarations", "ltsd_declarations_tenant_id_document_ref_version_key", {"version": 1}),
    ("ltsd_declarations", "ltsd_declarations_tenant_id_fkey", {"tenant_id": key(99)}),
    ("ltsd_declarations", "ltsd_declarations_previous_version_id_fkey", {"previous_version_id": key(99)}),
    ("ltsd_declarations", "ltsd_declarations_superseded_by_fkey", {"superseded_by": key(99)}),
    ("ltsd_declarations", "ltsd_declarations_document_ref_length_check", {"document_ref": "LTSD-0001"}),
    ("ltsd_declarations", "ltsd_declarations_version_positive_check", {"version": 0}),
    ("ltsd_declarations", "ltsd_declarations_status_is_known_check", {"status": "lost"}),
    ("ltsd_declarations", "ltsd_declarations_type_is_known_check", {"ltsd_type": "both"}),
    ("ltsd_declarations", "ltsd_declarations_end_not_before_start_check", {"valid_to": "2024-12-31"}),
    ("ltsd_declarations", "ltsd_declarations_revocation_is_told_check", {"status": "revoked"}),
    ("ltsd_declarations", "ltsd_declarations_verdict_is_known_check", {"assessment_verdict": "maybe"}),
    ("ltsd_declarations", "ltsd_declarations_confidence_is_share_check", {"assessment_confidence": 1.5}),
    ("ltsd_products", "ltsd_products_pkey", {"line_no": 1}),
    ("ltsd_products", "ltsd_products_ltsd_id_fkey", {"ltsd_id": key(99)}),
    ("ltsd_products", "ltsd_products_hs_code_is_digits_check", {"hs_code": "39011"}),
]  # fmt: skip


def insert(connection: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    connection.execute(
        sql.SQL("INSERT INTO trade.{} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        ),
        list(row.values()),
    )


def insert_now(connection: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    """With the constraints that wait for the end of the transaction."""
    insert(connection, table, row)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture(name="filled", scope="module")
def _filled(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    with server.database(applied_db) as name, psycopg.connect(server.dsn(name)) as connection:
        for table, row in ROWS.items():
            insert(connection, table, row)
            if table == "hs_codes":
                connection.execute(
                    "INSERT INTO trade.hs_codes (id, code, description, parent, chapter, level) OVERRIDING SYSTEM VALUE"
                    " VALUES (-1, '39', 'd', 'TOTAL', '39', 2), (-2, '3901', 'd', '39', '39', 4), (-3, '390110', 'd', '3901', '39', 6)"
                )
        connection.commit()
        yield connection


@pytest.mark.parametrize("table", ROWS)
def test_the_row_beside_it_passes(filled: psycopg.Connection[Any], table: str) -> None:
    try:
        insert_now(filled, table, ROWS[table] | OTHER[table])
    finally:
        filled.rollback()


@pytest.mark.parametrize(("table", "constraint", "changed"), VIOLATIONS)
def test_it_refuses_the_row_that_violates_it_alone(
    filled: psycopg.Connection[Any], table: str, constraint: str, changed: dict[str, Any]
) -> None:
    try:
        with pytest.raises(psycopg.errors.IntegrityError) as caught:
            insert_now(filled, table, ROWS[table] | OTHER[table] | changed)
        assert caught.value.diag.constraint_name == constraint
    finally:
        filled.rollback()


def test_no_constraint_is_left_out(filled: psycopg.Connection[Any]) -> None:
    found = filled.execute(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'trade'::regnamespace AND contype IN ('c', 'u', 'x', 'f', 'p')"
    ).fetchall()
    filled.rollback()
    assert {name for (name,) in found} == {constraint for _, constraint, _ in VIOLATIONS}


def test_every_foreign_key_has_an_index_on_its_columns(filled: psycopg.Connection[Any]) -> None:
    found = filled.execute(
        """
        SELECT con.conname FROM pg_constraint AS con
        WHERE con.connamespace = 'trade'::regnamespace AND con.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index AS idx WHERE idx.indrelid = con.conrelid AND idx.indkey[0] = con.conkey[1]
        )
        """
    ).fetchall()
    filled.rollback()
    assert found == []


def test_every_table_of_companies_has_row_security(filled: psycopg.Connection[Any]) -> None:
    found = filled.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'trade'::regnamespace AND relkind = 'r' AND relrowsecurity ORDER BY 1"
    ).fetchall()
    filled.rollback()
    expected = [
        "assessment_materials",
        "assessment_operations",
        "assessments",
        "ltsd_declarations",
        "ltsd_products",
        "psra_verdicts",
        "tenants",
    ]
    assert [name for (name,) in found] == expected
