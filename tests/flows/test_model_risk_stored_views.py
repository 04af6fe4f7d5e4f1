"""A change of any row reaches every stored view that shows it: after a refresh by keys they equal their live twins.

One change after another, each in its own transaction that is rolled back, over the golden inventory.
"""

from __future__ import annotations

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
STORED = """
    SELECT sv.view_name, sv.live_name FROM refresh.stored_views AS sv LEFT JOIN refresh.dependency AS dep USING (view_id)
    WHERE sv.view_name LIKE 'model\\_risk.%'
    GROUP BY sv.view_name, sv.live_name ORDER BY coalesce(max(dep.distance), 0), sv.view_name
"""
BUSY = "(SELECT request_id FROM model_risk.validation_request_models GROUP BY request_id HAVING count(*) > 1 LIMIT 1)"

CHANGES = {
    "a team is renamed": "UPDATE model_risk.teams SET name = name || '!' WHERE team_id = 1",
    "a team is deleted": "DELETE FROM model_risk.teams WHERE team_id = 1",
    "a line is renamed": "UPDATE model_risk.lob_units SET name = name || '!' WHERE level <= 5",
    "a root changes its team": "UPDATE model_risk.lob_units SET team_id = 2 WHERE parent_id IS NULL",
    "lines become roots": "UPDATE model_risk.lob_units SET parent_id = NULL WHERE parent_id IS NOT NULL AND team_id IS NULL",
    "lines change their level": "UPDATE model_risk.lob_units SET level = level + 1 WHERE level >= 4",
    "an owner changes his line": """UPDATE model_risk.users SET lob_id = (SELECT max(lob_id) FROM model_risk.lob_units)
        WHERE user_id = (SELECT min(owner_id) FROM model_risk.models)""",
    "approvers are renamed": "UPDATE model_risk.users SET full_name = full_name || '!' WHERE role_code = 'REGIONAL_APPROVER'",
    "a region is renamed": "UPDATE model_risk.regions SET name = name || '!' WHERE region_id = 1",
    "regions stop asking for approval": "UPDATE model_risk.regions SET requires_regional_approval = NOT requires_regional_approval",
    "a tier is renamed": "UPDATE model_risk.risk_tiers SET label = label || '!' WHERE risk_tier_id = 2",
    "a tier reads another row of the matrix": "UPDATE model_risk.risk_tiers SET residual_key = 'High' WHERE residual_key = 'Low'",
    "a policy is shortened": "UPDATE model_risk.validation_policies SET frequency_months = 6 WHERE policy_id = 2",
    "a lead time is lengthened": "UPDATE model_risk.validation_policies SET model_change_lead_time_days = 200 WHERE policy_id = 3",
    "a policy is deleted": "DELETE FROM model_risk.validation_policies WHERE policy_id = 1",
    "a policy moves to another tier": """
        INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'N', 'N', 9, true);
        UPDATE model_risk.models SET risk_tier_id = 901 WHERE model_id % 7 = 0;
        UPDATE model_risk.validation_policies SET risk_tier_id = 901 WHERE policy_id = 1""",
    "the working time grows": "UPDATE model_risk.validation_workflow_slas SET assignment_days = 60",
    "the working time disappears": "DELETE FROM model_risk.validation_workflow_slas",
    "a type becomes a full validation": "UPDATE model_risk.validation_types SET is_full = true WHERE type_code = 'TARGETED'",
    "a step becomes substantive": "UPDATE model_risk.validation_request_statuses SET is_substantive = true WHERE status_code = 'ON_HOLD'",
    "a step is renamed": "UPDATE model_risk.validation_request_statuses SET label = 'Done' WHERE status_code = 'APPROVED'",
    "a past-due level is switched off": "UPDATE model_risk.past_due_levels SET is_active = false WHERE level_code = 'MINIMAL'",
    "another matrix is active": "UPDATE model_risk.residual_risk_maps SET is_active = false",
    "a matrix cell changes": "UPDATE model_risk.residual_risk_map_cells SET residual_risk = 'High'",
    "a category becomes machine learning": "UPDATE model_risk.methodology_categories SET is_aiml = NOT is_aiml",
    "a method moves to another category": """UPDATE model_risk.methodologies SET category_id = (
        SELECT max(category_id) FROM model_risk.methodology_categories)""",
    "models change tier": "UPDATE model_risk.models SET risk_tier_id = 1 WHERE model_id % 10 = 0",
    "models retire": "UPDATE model_risk.models SET status = 'Retired' WHERE model_id % 10 = 0",
    "models become active": "UPDATE model_risk.models SET status = 'Active'",
    "models become tools": "UPDATE model_risk.models SET is_model = NOT is_model WHERE model_id % 10 = 0",
    "models change owner": "UPDATE model_risk.models SET owner_id = (SELECT max(user_id) FROM model_risk.users) WHERE model_id % 10 = 0",
    "models are renamed": "UPDATE model_risk.models SET model_name = model_name || '!' WHERE model_id % 10 = 0",
    "a model appears": """INSERT INTO model_risk.models
        (model_id, model_name, development_type, owner_id, status, risk_tier_id, created_at)
        SELECT 90001, 'New', 'In-House', min(user_id), 'Active', 1, '2025-01-01' FROM model_risk.users""",
    "a model is deleted": "DELETE FROM model_risk.attestation_records WHERE model_id = 5; DELETE FROM model_risk.models WHERE model_id = 5",
    "a shared request loses a model": f"DELETE FROM model_risk.validation_request_models WHERE request_id = {BUSY}",
    "a request covers another model": f"""INSERT INTO model_risk.validation_request_models (request_id, model_id)
        SELECT {BUSY}, min(model_id) FROM model_risk.models WHERE model_id NOT IN (
            SELECT model_id FROM model_risk.validation_request_models WHERE request_id = {BUSY})""",
    "a request moves to another model": """UPDATE model_risk.validation_request_models SET model_id = 90001
        WHERE request_id = (SELECT min(request_id) FROM model_risk.validation_requests)""",
    "requests are approved": """UPDATE model_risk.validation_requests SET current_status = 'APPROVED',
        completion_date = '2025-06-29', updated_at = '2025-06-29' WHERE request_id % 10 = 0""",
    "requests are edited": "UPDATE model_risk.validation_requests SET updated_at = '2025-06-29' WHERE request_id % 10 = 0",
    "requests are submitted": "UPDATE model_risk.validation_requests SET submission_received_date = '2025-06-29' WHERE request_id % 3 = 0",
    "requests are deleted": "DELETE FROM model_risk.validation_requests WHERE request_id % 10 = 0",
    "the validated tier is corrected": "UPDATE model_risk.validation_requests SET validated_risk_tier_id = 1 WHERE request_id % 3 = 0",
    "interim approvals are prolonged": "UPDATE model_risk.validation_outcomes SET expiration_date = '2027-01-01'",
    "outcomes are deleted": "DELETE FROM model_risk.validation_outcomes",
    "scorecards turn red": "UPDATE model_risk.validation_scorecard_results SET overall_rating = 'Red'",
    "scorecards are deleted": "DELETE FROM model_risk.validation_scorecard_results WHERE result_id % 2 = 0",
    "approvals are decided": "UPDATE model_risk.validation_approvals SET approval_status = 'Rejected', approved_at = '2025-06-29'",
    "approvals are deleted": "DELETE FROM model_risk.validation_approvals WHERE approval_id % 2 = 0",
    "approvals change their region": "UPDATE model_risk.validation_approvals SET region_id = 2 WHERE region_id = 1",
    "versions are validated by others": "UPDATE model_risk.model_versions SET validation_request_id = (SELECT max(request_id) FROM model_risk.validation_requests) WHERE version_id % 3 = 0",
    "versions are renumbered": "UPDATE model_risk.model_versions SET version_number = version_number || '.1'",
    "deployments are withdrawn": "UPDATE model_risk.model_regions SET version_id = NULL WHERE model_region_id % 3 = 0",
    "deployments are deleted": "DELETE FROM model_risk.model_regions WHERE model_region_id % 3 = 0",
    "a deployment changes its region": """UPDATE model_risk.model_regions AS link SET region_id = reg.region_id
        FROM model_risk.regions AS reg WHERE link.model_region_id = (SELECT min(model_region_id) FROM model_risk.model_regions)
        AND NOT EXISTS (SELECT FROM model_risk.model_regions AS has WHERE has.model_id = link.model_id AND has.region_id = reg.region_id)""",
    "memberships end": "UPDATE model_risk.monitoring_plan_memberships SET effective_to = '2030-01-01' WHERE membership_id % 2 = 0",
    "memberships are deleted": "DELETE FROM model_risk.monitoring_plan_memberships WHERE membership_id % 2 = 0",
    "monitoring cycles are approved late": "UPDATE model_risk.monitoring_cycles SET status = 'APPROVED', submitted_at = '2030-01-01'",
    "monitoring cycles end elsewhere": "UPDATE model_risk.monitoring_cycles SET period_end_date = period_end_date - 400 WHERE cycle_id % 2 = 0",
    "monitoring cycles change plan": "UPDATE model_risk.monitoring_cycles SET plan_id = (SELECT max(plan_id) FROM model_risk.monitoring_plans)",
    "results turn red": "UPDATE model_risk.monitoring_results SET calculated_outcome = 'RED'",
    "results are deleted": "DELETE FROM model_risk.monitoring_results WHERE calculated_outcome = 'RED'",
    "recommendations are closed": "UPDATE model_risk.recommendations SET closed_at = '2025-06-29' WHERE recommendation_id % 2 = 0",
    "recommendations move": "UPDATE model_risk.recommendations SET model_id = 1 WHERE recommendation_id % 5 = 0",
    "limitations retire": "UPDATE model_risk.model_limitations SET is_retired = NOT is_retired",
    "exceptions are closed": "UPDATE model_risk.model_exceptions SET status = 'CLOSED' WHERE exception_id % 2 = 0",
    "exceptions are deleted": "DELETE FROM model_risk.model_exceptions",
    "decommissioning is approved": "UPDATE model_risk.decommissioning_requests SET status = 'APPROVED', final_reviewed_at = '2025-06-01'",
    "attestations are accepted": "UPDATE model_risk.attestation_records SET status = 'ACCEPTED', attested_at = '2025-06-29' WHERE attestation_id % 2 = 0",
    "attestations are deleted": "DELETE FROM model_risk.attestation_records WHERE attestation_id % 2 = 0",
    "a cycle is closed": "UPDATE model_risk.attestation_cycles SET status = 'CLOSED'",
    "a cycle is deleted": "DELETE FROM model_risk.attestation_cycles WHERE cycle_id = (SELECT min(cycle_id) FROM model_risk.attestation_cycles)",
    "everything is deleted": "TRUNCATE model_risk.models CASCADE",
}  # fmt: skip


@pytest.fixture(scope="module", name="stored")
def _stored(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    """The golden inventory with all stored views of the domain filled for the day."""
    with server.database(applied_db) as name:
        tables = [file for path, file in files.find(GOLDEN).items() if path.startswith("tables/")]
        with db.connect(server.dsn(name)) as connection:
            finish(load.load_tables(connection, "model_risk", tables))
        with psycopg.connect(server.dsn(name)) as connection:
            connection.execute(f"SET tidemark.as_of = '{DAY}'")
            refresh(connection)
            connection.commit()
            yield connection


def views(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Stored views and their live ones, sources first."""
    return dict(connection.execute(STORED).fetchall())


def refresh(connection: psycopg.Connection[Any]) -> int:
    """Runs every stored view; gives the number of stored rows that changed."""
    changed = 0
    for view in views(connection):
        query = "SELECT inserted_count + updated_count + deleted_count FROM refresh.run(%s)"
        changed += sum(count for (count,) in connection.execute(query, [view]).fetchall())
    return changed


def differing(connection: psycopg.Connection[Any]) -> list[str]:
    """Stored views whose rows are not those of their live view, which is computed from live rows throughout."""
    connection.execute("SET LOCAL tidemark.source = 'live'")
    found = []
    for view, live in views(connection).items():
        query = f"(TABLE {live} EXCEPT ALL TABLE {view}) UNION ALL (TABLE {view} EXCEPT ALL TABLE {live}) LIMIT 1"
        if connection.execute(query).fetchone():
            found.append(view)
    connection.execute("SET LOCAL tidemark.source = ''")
    return found


def test_all_stored_views_are_filled_and_right(stored: psycopg.Connection[Any]) -> None:
    assert len(views(stored)) >= 11
    assert differing(stored) == []
    assert refresh(stored) == 0, "a second run finds something to do"
    stored.rollback()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_reaches_the_stored_views(stored: psycopg.Connection[Any], change: str) -> None:
    try:
        if "90001" in change and not change.startswith("INSERT"):
            stored.execute(CHANGES["a model appears"])
        stored.execute(change)
        changed = refresh(stored)
        assert differing(stored) == []
        assert changed > 0, "no stored row shows this change: the case proves nothing"
    finally:
        stored.rollback()


@pytest.mark.parametrize("day", ["2025-07-01", "2025-08-01", "2026-06-30", "2025-06-29"])
def test_a_new_day_reaches_the_stored_views(stored: psycopg.Connection[Any], day: str) -> None:
    try:
        stored.execute(f"SET LOCAL tidemark.as_of = '{day}'")
        refresh(stored)
        assert differing(stored) == []
    finally:
        stored.rollback()


def test_reports_read_stored_rows_of_the_day_and_live_rows_of_any_other(stored: psycopg.Connection[Any]) -> None:
    question = "SELECT count_value FROM model_risk.kpi_report(NULL, NULL, %s) WHERE metric_id = '4.1'"
    try:
        before = stored.execute(question, [DAY]).fetchone()
        assert before is not None
        stored.execute("UPDATE model_risk.models SET status = 'Retired' WHERE model_id % 2 = 0")
        assert stored.execute(question, [DAY]).fetchone() == before, "not refreshed yet: the stored figure stands"
        assert stored.execute(question, ["2025-07-01"]).fetchone() != before, "another day is computed live"
        refresh(stored)
        assert stored.execute(question, [DAY]).fetchone() != before
    finally:
        stored.rollback()


@pytest.mark.parametrize("view", ["kpi_tally_by_lob", "kpi_tier_tally_by_lob"])
def test_a_sum_made_while_a_model_was_away_is_right_when_it_is_back(
    stored: psycopg.Connection[Any], view: str
) -> None:
    appear = CHANGES["a model appears"]
    try:
        stored.execute(appear)
        refresh(stored)
        stored.execute("DELETE FROM model_risk.models WHERE model_id = 90001")
        stored.execute(
            "SELECT refresh.run(%s, TRUE)", [f"model_risk.{view}"]
        )  # before its facts, which never see the gap
        stored.execute(appear)
        refresh(stored)
        assert differing(stored) == []
    finally:
        stored.rollback()
