"""Every golden case of commerce, through the checker that users have too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tidemark.config import Settings
from tidemark.golden.run import check
from tidemark.steps import finish

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "golden" / "commerce").glob("*/case.json"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_tables_issues_and_figures_are_those_expected(server: Any, settings: Settings, case: Path) -> None:
    findings = finish(check("commerce", case, replace(settings, dsn=server.owner_dsn("postgres"))))
    assert [(finding.name, finding.note, finding.examples) for finding in findings if finding.is_bad] == []
    assert sum(finding.rows for finding in findings) > 0
