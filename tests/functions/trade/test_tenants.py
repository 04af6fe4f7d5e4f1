"""What a company sees through every table, view and function, and in every error."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

CALLS = {  # what an application may ask for, and the column that names the company
    "trade.recent_verdicts(100000)": "tenant_id",
    "trade.duplicate_list()": "tenant_id",
    "trade.low_confidence_verdicts(100000)": "tenant_id",
    "trade.stale_verdicts('2025-06-30')": "tenant_id",
    "trade.ltsd_status_at('2025-06-30')": "tenant_id",
    "trade.ltsd_statistics_at('2025-06-30')": "tenant_id",
    "trade.tenant_status_at('2025-06-30')": "tenant_id",
}
NOBODYS = ["", "nobody", "00000000-0000-0000-0000-000000000000", "%", "' OR true --"]


def companies(owner: psycopg.Connection[Any]) -> list[Any]:
    """The two with most verdicts."""
    rows = owner.execute(
        "SELECT tenant_id FROM trade.psra_verdicts GROUP BY tenant_id ORDER BY count(*) DESC, tenant_id LIMIT 2"
    ).fetchall()
    return [tenant for (tenant,) in rows]


def become(owner: psycopg.Connection[Any], tenant: Any) -> None:
    owner.execute("SELECT set_config('app.current_tenant_id', %s, TRUE)", [str(tenant)])
    owner.execute("SET LOCAL ROLE tidemark_app")


def relations(owner: psycopg.Connection[Any]) -> list[str]:
    """Tables and views of the family that an application may read."""
    rows = owner.execute(
        "SELECT cls.oid::regclass::text FROM pg_class AS cls WHERE cls.relnamespace = 'trade'::regnamespace"
        " AND cls.relkind IN ('r', 'p', 'v') AND has_table_privilege('tidemark_app', cls.oid, 'SELECT') ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]


def columns(owner: psycopg.Connection[Any], relation: str) -> set[str]:
    rows = owner.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [relation])
    return {name for (name,) in rows.fetchall()}


def own_condition(relation: str, has: set[str]) -> str | None:
    """What is true of the rows of a company; None: the relation tells of no company."""
    if relation == "trade.tenants":
        return "id = %(tenant)s"
    if "tenant_id" in has:
        return "tenant_id = %(tenant)s"
    if relation.startswith("trade.assessment_"):
        return "assessment_id IN (SELECT assessment_id FROM trade.assessments WHERE tenant_id = %(tenant)s)"
    if relation == "trade.ltsd_products":
        return "ltsd_id IN (SELECT id FROM trade.ltsd_declarations WHERE tenant_id = %(tenant)s)"
    return None


OF_NOBODY = {  # public knowledge, and figures over what the reader sees
    "trade.agreement_states",
    "trade.agreements", "trade.hs_codes", "trade.hs_sections", "trade.party_members", "trade.psra_rules", "trade.psra_rule_tests",
    "trade.rule_coverage", "trade.rule_states", "trade.rule_supersessions",
}  # fmt: skip
SUMS = {"trade.kpi_agreement", "trade.kpi_reasons", "trade.route_day"}


def test_every_relation_shows_a_company_its_rows_and_no_other(owner: psycopg.Connection[Any]) -> None:
    looked_at = relations(owner)
    conditions = {relation: own_condition(relation, columns(owner, relation)) for relation in looked_at}
    assert {relation for relation, condition in conditions.items() if condition is None} == OF_NOBODY | SUMS
    for tenant in companies(owner):
        expected = {
            relation: owner.execute(
                f"SELECT count(*) FROM {relation} WHERE {condition}", {"tenant": tenant}
            ).fetchone()
            for relation, condition in conditions.items()
            if condition
        }
        empty = {relation for relation, count in expected.items() if count == (0,)}
        assert empty <= {"trade.own_duplicates", "trade.duplicates"}
        become(owner, tenant)
        for relation, count in expected.items():
            assert owner.execute(f"SELECT count(*) FROM {relation}").fetchone() == count, relation
        for relation in SUMS:
            (seen,) = owner.execute(f"SELECT sum(verdicts) FROM {relation}").fetchone() or (None,)
            of = (
                "SELECT sum(verdicts) FROM trade.own_reason_month"
                if "reasons" in relation
                else "SELECT count(*) FROM trade.psra_verdicts"
            )
            assert owner.execute(of).fetchone() == (seen,), relation
        owner.execute("RESET ROLE")


@pytest.mark.parametrize("setting", NOBODYS)
def test_without_a_company_there_is_no_row(owner: psycopg.Connection[Any], setting: str) -> None:
    looked_at = [relation for relation in relations(owner) if relation not in OF_NOBODY]
    become(owner, setting)
    for relation in looked_at:
        assert owner.execute(f"SELECT count(*) FROM {relation}").fetchone() == (0,), relation
    for call in CALLS:
        assert owner.execute(f"SELECT count(*) FROM {call}").fetchone() == (0,), call
    assert owner.execute("SELECT count(*) FROM trade.trade_routes()").fetchone() == (0,)
    assert owner.execute("SELECT evaluated FROM trade.evaluate_assessments()").fetchone() == (0,)


@pytest.mark.parametrize("call", CALLS)
def test_every_list_is_that_of_the_company(owner: psycopg.Connection[Any], call: str) -> None:
    tenant, other = companies(owner)
    condition = f"SELECT count(*) FROM {call} WHERE {CALLS[call]} = %s"
    expected = owner.execute(condition, [tenant]).fetchone()
    assert owner.execute(condition, [other]).fetchone() != (0,) or "duplicate" in call
    become(owner, tenant)
    assert owner.execute(f"SELECT count(*) FROM {call}").fetchone() == expected
    assert owner.execute(condition, [other]).fetchone() == (0,)


def test_another_company_cannot_be_asked_for(owner: psycopg.Connection[Any]) -> None:
    tenant, other = companies(owner)
    (waiting,) = owner.execute(
        "SELECT array_agg(assessment_id) FROM trade.assessments WHERE tenant_id = %s", [other]
    ).fetchone() or ([],)
    (document,) = owner.execute(
        "SELECT min(document_ref) FROM trade.ltsd_declarations WHERE tenant_id = %s", [other]
    ).fetchone() or ("",)
    (digest,) = owner.execute(
        "SELECT min(input_hash)::text FROM trade.psra_verdicts WHERE tenant_id = %s", [other]
    ).fetchone() or ("",)
    become(owner, tenant)
    assert owner.execute("SELECT count(*) FROM trade.tenant_history(%s)", [other]).fetchone() == (0,)
    assert owner.execute("SELECT count(*) FROM trade.evaluations_of(%s, %s)", [other, digest]).fetchone() == (0,)
    assert owner.execute("SELECT count(*) FROM trade.duplicate_list(%s)", [other]).fetchone() == (0,)
    assert owner.execute("SELECT count(*) FROM trade.judge_assessments(%s)", [waiting]).fetchone() == (0,)
    assert owner.execute("SELECT count(*) FROM trade.case_texts(%s)", [waiting]).fetchone() == (0,)
    assert owner.execute("SELECT evaluated FROM trade.evaluate_assessments(%s)", [waiting]).fetchone() == (0,)
    assert owner.execute("SELECT trade.activate_ltsd(%s, %s, 1)", [other, document]).fetchone() == ("NOT_FOUND",)
    assert owner.execute(
        "SELECT trade.revoke_ltsd(%s, %s, 1, 'not theirs at all')", [other, document]
    ).fetchone() == ("NOT_FOUND",)
    assert owner.execute("SELECT trade.renew_ltsd(%s, %s, 1, '2030-01-01')", [other, document]).fetchone() == (
        "NOT_FOUND",
    )


def test_a_company_judges_its_own(owner: psycopg.Connection[Any]) -> None:
    tenant, _ = companies(owner)
    expected = owner.execute(
        "SELECT count(*) FROM trade.assessments WHERE tenant_id = %s AND status = 'pending'", [tenant]
    ).fetchone()
    become(owner, tenant)
    assert owner.execute("SELECT evaluated FROM trade.evaluate_assessments()").fetchone() == expected
    owner.execute("RESET ROLE")
    assert owner.execute(
        "SELECT count(*) FROM trade.assessments WHERE tenant_id <> %s AND status <> 'pending'", [tenant]
    ).fetchone() == (0,)


WRITES = [  # rows of another company, by way of its keys
    "INSERT INTO trade.assessments (assessment_id, tenant_id, request_id, product_code, product_hs, agreement_code, effective_date,"
    " export_country, import_country, currency, value_added_percentage) SELECT gen_random_uuid(), %(other)s, gen_random_uuid(), 'p',"
    " '390110', 'TCA', '2025-01-01', 'DE', 'GB', 'EUR', 0",
    "INSERT INTO trade.assessment_materials (assessment_id, line_id, hs_code, country_of_origin, value) VALUES (%(assessment)s, 'x', '3901', 'DE', 1)",
    "INSERT INTO trade.assessment_operations (assessment_id, seq, code) VALUES (%(assessment)s, 99, 'CUT')",
    "INSERT INTO trade.ltsd_products (ltsd_id, line_no, product_code, hs_code) VALUES (%(declaration)s, 99, 'p', '390110')",
    "INSERT INTO trade.psra_verdicts (evaluation_id, rule_id, status, confidence, citations, reasons, input_payload, input_hash,"
    " processing_time_ms, rules_evaluated, decided_at, tenant_id, request_id, agreement_code, hs_subheading, effective_date, import_country,"
    " export_country) SELECT %(evaluation)s, 'r', 'qualified', 1, '[]', '[]', '{}', repeat('a', 64), 1, 1, now(), %(tenant)s, gen_random_uuid(),"
    " 'TCA', '390110', '2025-01-01', 'DE', 'GB'",
]  # fmt: skip


@pytest.mark.parametrize("statement", WRITES)
def test_no_write_reaches_another_company_and_no_error_tells_of_it(
    owner: psycopg.Connection[Any], statement: str
) -> None:
    tenant, other = companies(owner)
    keys = (
        owner.execute(
            "SELECT (SELECT min(assessment_id::text) FROM trade.assessments WHERE tenant_id = %(other)s) AS assessment,"
            " (SELECT min(id::text) FROM trade.ltsd_declarations WHERE tenant_id = %(other)s) AS declaration,"
            " (SELECT min(evaluation_id::text) FROM trade.psra_verdicts WHERE tenant_id = %(other)s) AS evaluation",
            {"other": other},
        ).fetchone()
        or (None,) * 3
    )
    given = dict(zip(("assessment", "declaration", "evaluation"), keys, strict=True)) | {
        "tenant": tenant,
        "other": other,
    }
    become(owner, tenant)
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation)) as caught:
        owner.execute(statement, given)
    told = f"{caught.value} {caught.value.diag.message_detail}"
    assert not any(str(secret) in told for secret in (other, *keys))


def test_updates_and_deletes_pass_over_other_companies(owner: psycopg.Connection[Any]) -> None:
    tenant, other = companies(owner)
    become(owner, tenant)
    for table in ("assessments", "psra_verdicts", "ltsd_declarations"):
        assert owner.execute(f"UPDATE trade.{table} SET status = status WHERE tenant_id = %s", [other]).rowcount == 0
    assert owner.execute("DELETE FROM trade.assessments WHERE tenant_id = %s", [other]).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("DELETE FROM trade.psra_verdicts")


def test_storage_of_rows_of_companies_has_row_security_and_is_the_engine_s_alone(
    owner: psycopg.Connection[Any],
) -> None:
    rows = owner.execute(
        "SELECT sv.view_name, cls.relrowsecurity FROM refresh.stored_views AS sv JOIN pg_class AS cls ON cls.oid = sv.storage_name::regclass"
        " WHERE sv.view_name LIKE 'trade.%%' AND 'tenant_id' = ANY(sv.column_names)"
    ).fetchall()
    assert len(rows) >= 7
    assert [name for name, has in rows if not has] == []
    become(owner, companies(owner)[0])
    for name, _ in rows:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), owner.transaction():
            owner.execute(f"SELECT * FROM {name}")


def test_operators_see_every_company(owner: psycopg.Connection[Any]) -> None:
    expected = owner.execute(
        "SELECT count(*), (SELECT count(*) FROM trade.kpi_tenant) FROM trade.psra_verdicts"
    ).fetchone()
    owner.execute("SET LOCAL ROLE tidemark_operator")
    assert (
        owner.execute("SELECT count(*), (SELECT count(*) FROM trade.kpi_tenant) FROM trade.psra_verdicts").fetchone()
        == expected
    )
