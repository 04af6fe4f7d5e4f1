"""Jobs of trade: what they judge and import, for whom, step by step."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest


def do(owner: psycopg.Connection[Any], kind: str, payload: Any, tenant: Any = None) -> tuple[Any, ...]:
    """Submitted, claimed and run to its end; gives status, result and error, and the number of steps."""
    submitted = owner.execute(
        "SELECT outcome, job_id FROM jobs.submit(%s, %s, p_tenant_id => %s)", [kind, json.dumps(payload), tenant]
    )
    outcome, job = submitted.fetchone() or (None, None)
    assert outcome == "ok"
    worker = owner.execute("SELECT jobs.join('the tests')").fetchone()
    claimed = owner.execute("SELECT * FROM jobs.claim(%s)", worker)
    row = dict(zip((column.name for column in claimed.description or ()), claimed.fetchone() or (), strict=True))
    assert row["job_id"] == job
    steps = 1
    while owner.execute("SELECT jobs.run_step(%s, %s)", [job, row["claim_no"]]).fetchone() == ("more",):
        steps += 1
    ended = (
        owner.execute("SELECT status, result, error FROM jobs.job_status WHERE job_id = %s", [job]).fetchone() or ()
    )
    return (*ended, steps)


def waiting(owner: psycopg.Connection[Any]) -> Any:
    """An assessment of the company with most of them."""
    return owner.execute(
        "SELECT ass.assessment_id, ass.tenant_id, ass.product_hs, ass.export_country, ass.import_country, fnd.rule_id"
        " FROM trade.assessments AS ass CROSS JOIN LATERAL trade.found_rules(ARRAY[ass.assessment_id]) AS fnd"
        " WHERE fnd.rule_id IS NOT NULL ORDER BY count(*) OVER (PARTITION BY ass.tenant_id) DESC, ass.assessment_id LIMIT 1"
    ).fetchone()


def test_one_assessment_is_judged_for_its_company(owner: psycopg.Connection[Any]) -> None:
    one, tenant, *_ = waiting(owner)
    status, result, error, steps = do(owner, "assessment", {"assessment_id": str(one)}, tenant)
    assert (status, error, steps) == ("completed", None, 1)
    assert result["evaluated"] == 1
    assert owner.execute("SELECT count(*) FROM trade.psra_verdicts WHERE evaluation_id = %s", [one]).fetchone() == (
        1,
    )


def test_an_assessment_of_another_company_is_nothing_to_judge(owner: psycopg.Connection[Any]) -> None:
    one, tenant, *_ = waiting(owner)
    (other,) = owner.execute("SELECT id FROM trade.tenants WHERE id <> %s LIMIT 1", [tenant]).fetchone() or (None,)
    status, result, _, _ = do(owner, "assessment", {"assessment_id": str(one)}, other)
    assert (status, set(result.values())) == ("completed", {0})
    assert owner.execute("SELECT count(*) FROM trade.psra_verdicts WHERE evaluation_id = %s", [one]).fetchone() == (
        0,
    )


def test_a_job_without_a_company_judges_nothing(owner: psycopg.Connection[Any]) -> None:
    one, *_ = waiting(owner)
    status, result, _, _ = do(owner, "assessment", {"assessment_id": str(one)})
    assert (status, set(result.values())) == ("completed", {0})


def test_pending_ones_of_a_way_and_a_rule_are_judged(owner: psycopg.Connection[Any]) -> None:
    _, tenant, code, origin, destination, rule = waiting(owner)
    payload = {
        "rule_id": rule,
        "hs_code": f"{code[:4]}.{code[4:]}",
        "origin_country": origin,
        "destination_country": destination,
    }
    assert do(owner, "assessment", payload, tenant)[1]["evaluated"] >= 1
    assert do(owner, "assessment", payload, tenant)[1]["evaluated"] == 0


def test_an_import_goes_ten_by_ten(owner: psycopg.Connection[Any]) -> None:
    items = [{"code": f"98{no:02}", "description": f"heading {no}"} for no in range(12)]
    status, result, _, steps = do(
        owner,
        "bulk_import",
        {"items": [*items[:5], {"code": "98", "description": "chapter"}, *items, {"code": "9", "description": "x"}]},
    )
    assert (status, steps) == ("completed", 3)
    assert (result["imported"], result["errors"], result["total"]) == (13, 6, 19)
    assert result["item_errors"][0] == {"item_no": 0, "error": "UNKNOWN_PARENT"}
    assert result["item_errors"][-1] == {"item_no": 18, "error": "INVALID_CODE"}
    assert do(owner, "bulk_import", {"items": []})[:2] == (
        "completed",
        {"imported": 0, "errors": 0, "total": 0, "item_errors": []},
    )


def test_a_company_imports_no_codes(owner: psycopg.Connection[Any]) -> None:
    owner.execute("SET LOCAL ROLE tidemark_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("""SELECT jobs.submit('bulk_import', '{"items": []}')""")
