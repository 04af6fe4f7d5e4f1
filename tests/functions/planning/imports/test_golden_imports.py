"""Every golden file of planning, through the checker that users have too: imports, writes, rights and their history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidemark import config
from tidemark.golden import spec
from tidemark.golden.run import check_in
from tidemark.golden.scratch import Scratch
from tidemark.steps import finish

GOLDEN = Path(__file__).parents[3] / "golden" / "planning"
ROWS = {
    "expected_import_cases": 79,
    "expected_import_rows": 248,
    "expected_import_conflicts": 9,
    "expected_import_actuals": 120,
    "expected_assignment_cases": 69,
    "expected_user_access": 260,
    "expected_access_checks": 500,
    "expected_access_after_step": 238,
    "expected_project_forecast": 588,
    "expected_phase_forecast": 281,
    "expected_program_forecast": 56,
    "expected_portfolio_forecast": 16,
    "expected_scoped_program_rollup": 72,
    "expected_nonlabor_schedule": 147,
    "expected_phase_timeline": 70,
    "expected_assignment_conflicts": 28,
    "expected_rate_lookup": 128,
    "expected_assignment_cost": 700,
    "expected_phase_on_date": 176,
    "expected_active_entities": 112,
    "expected_actual_conflicts": 18,
}


def test_every_golden_row_is_equal(server: Any, applied_db: str) -> None:
    dsn = str(server.owner_dsn("postgres"))
    place = Scratch(config.Settings(dsn=dsn, dsn_source="the tests"), dsn, template=applied_db)
    findings = {finding.name: finding for finding in finish(check_in(spec.read("planning"), GOLDEN, place))}
    assert [finding for finding in findings.values() if finding.is_bad] == []
    assert {name: findings[f"expected/{name}.csv"].rows for name in ROWS} == ROWS
