"""Every golden case of trade, through the checker that users have too; with the whole nomenclature where it lies beside the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidemark.config import Settings
from tidemark.golden import spec
from tidemark.golden.run import check_in
from tidemark.golden.scratch import Scratch
from tidemark.steps import finish

ROOT = Path(__file__).parents[2]
OURS = ROOT / "tests" / "golden" / "trade"
WHOLE = ROOT.parent / "shared" / "golden" / "trade"


@pytest.fixture(scope="module")
def place(server: Any, applied_db: str) -> Scratch:
    """The server under test; databases are copies of the one with everything applied."""
    dsn = server.owner_dsn("postgres")
    return Scratch(Settings(dsn=dsn, dsn_source="the tests"), dsn, template=applied_db)


@pytest.mark.parametrize("directory", [OURS, WHOLE], ids=["ours", "whole"])
def test_all_that_is_told_is_as_expected(place: Scratch, directory: Path) -> None:
    if not (directory / "base" / "hs_codes.csv").exists():
        pytest.skip("the whole list of the Harmonized System does not lie beside the project")
    findings = finish(check_in(spec.read("trade"), directory, place))
    assert [(finding.name, finding.note, finding.examples) for finding in findings if finding.is_bad] == []
    told = {finding.name for finding in findings if finding.rows}
    assert "assess/expected_verdicts.csv" in told
    assert directory == OURS or {"hs/expected_hs_search.csv", "jobs/expected_bulk_items.csv"} <= told
