"""Golden cases of model_risk: one inventory in ``tables/``, and what each report must say about it."""

from __future__ import annotations

from pathlib import Path

from tidemark.golden import imports, inventory
from tidemark.golden.compare import Finding
from tidemark.golden.inventory import Layout
from tidemark.golden.scratch import Scratch
from tidemark.steps import Steps

LAYOUT = Layout(
    schema="model_risk",
    queries="model_risk.sql",
    tables="tables/",
    information=("case_notes.csv", "kpi_batched_variant_differences.csv"),
    elsewhere=("imports/",),
)


def check(directory: Path, scratch: Scratch, time_zone: str) -> Steps[list[Finding]]:
    """Loads one directory and compares everything in it."""
    findings = yield from inventory.check(LAYOUT, directory, scratch, time_zone)
    return findings + (yield from imports.check(directory, scratch))
