"""Every golden file of what clinical's write functions do, through the checker that users have too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tidemark import config
from tidemark.golden import spec
from tidemark.golden.run import check_in
from tidemark.golden.scratch import Scratch
from tidemark.steps import finish

GOLDEN = Path(__file__).parents[2] / "golden" / "clinical"
ROWS = {
    "expected_assign": 67,
    "expected_bulk_update_batches": 60,
    "expected_bulk_update_rows": 248,
    "expected_bulk_update_state": 80,
    "expected_bulk_update_events": 82,
    "expected_bulk_assign_batches": 24,
    "expected_bulk_assign_rows": 58,
    "expected_bulk_assign_state": 15,
    "expected_bulk_assign_events": 15,
    "expected_import_batches": 17,
    "expected_import_rows": 25,
    "expected_import_state": 10,
    "expected_import_events": 10,
    "expected_bulk_create_batches": 30,
    "expected_bulk_create_rows": 38,
    "expected_bulk_create_items": 15,
    "expected_bulk_create_text_elements": 4,
    "expected_copy": 26,
    "expected_copy_rows": 705,
    "expected_delete": 45,
    "expected_tags": 10,
    "expected_comments": 37,
    "expected_audit_summary": 188,
    "expected_audit_purge": 6,
}


def test_every_golden_row_is_equal(server: Any, applied_db: str) -> None:
    dsn = str(server.owner_dsn("postgres"))
    place = Scratch(config.Settings(dsn=dsn, dsn_source="the tests"), dsn, template=applied_db)
    family = spec.read("clinical")
    writes = replace(family, suites=[suite for suite in family.suites if suite.name in ("writes", "trail")])
    findings = {finding.name: finding for finding in finish(check_in(writes, GOLDEN, place))}
    assert [finding for finding in findings.values() if finding.is_bad] == []
    assert {name: findings[f"{name}.csv"].rows for name in ROWS} == ROWS
