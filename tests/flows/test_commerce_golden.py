"""Every golden case of commerce, through the checker that users have too."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from tidemark.config import Settings
from tidemark.golden import spec
from tidemark.golden.run import check_in
from tidemark.golden.scratch import Scratch
from tidemark.steps import finish

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "golden" / "commerce").glob("*/case.json"))


@pytest.fixture(scope="module")
def place(server: Any, applied_db: str) -> Scratch:
    """The server under test; databases are copies of the one with everything applied."""
    dsn = server.owner_dsn("postgres")
    return Scratch(Settings(dsn=dsn, dsn_source="the tests"), dsn, template=applied_db)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_tables_issues_and_figures_are_those_expected(place: Scratch, case: Path) -> None:
    findings = finish(check_in(spec.read("commerce"), case, place))
    assert [(finding.name, finding.note, finding.examples) for finding in findings if finding.is_bad] == []
    assert sum(finding.rows for finding in findings) > 0


def test_compressed_files_are_read_as_plain_ones(place: Scratch, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(next(case for case in CASES if case.name == "d14_bundles"), case)
    for path in [*case.glob("input/*"), *case.glob("expected/*.csv")]:
        if path.suffix != ".gz":
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
            path.unlink()
    findings = {finding.name: finding for finding in finish(check_in(spec.read("commerce"), case, place))}
    assert [finding for finding in findings.values() if finding.is_bad] == []
    assert findings["expected/bundle_recommendations.csv"].rows == 8
