"""Every golden file of what users read, through the checker that users have too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidemark import config
from tidemark.golden import spec
from tidemark.golden.run import check_in
from tidemark.golden.scratch import Scratch
from tidemark.steps import finish

GOLDEN = Path(__file__).parents[3] / "golden" / "clinical"
ROWS = {
    "expected_tracker_bulk": 836,
    "expected_effort_progress": 24,
    "expected_effort_subtypes": 104,
    "expected_due_calendar": 551,
    "expected_programmer_workload": 48,
    "expected_workload_pairs": 283,
    "expected_workload_totals": 2,
    "expected_effort_due_summary": 120,
    "expected_user_dashboard": 240,
    "expected_due_state": 1672,
    "expected_overdue_list": 78,
    "expected_comment_summary": 345,
    "expected_comment_threads": 266,
    "expected_tag_usage": 8,
    "expected_tracker_export": 836,
    "expected_findings": 268,
    "expected_user_permissions": 296,
    "expected_pages": 294,
    "expected_page_totals": 59,
}


def test_every_golden_row_is_equal(server: Any, applied_db: str) -> None:
    family = spec.read("clinical")
    family.suites[:] = [suite for suite in family.suites if suite.name == "reads"]
    dsn = str(server.owner_dsn("postgres"))
    place = Scratch(config.Settings(dsn=dsn, dsn_source="the tests"), dsn, template=applied_db)
    findings = {finding.name: finding for finding in finish(check_in(family, GOLDEN, place))}
    assert [finding for finding in findings.values() if finding.is_bad and finding.outcome.name != "UNKNOWN"] == []
    assert {name: findings[f"{name}.csv"].rows for name in ROWS} == ROWS
