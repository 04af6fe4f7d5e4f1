"""Golden cases of commerce: files to load and bundles to save, step by step, and the tables they must leave.

A case is a folder with ``case.json``, ``input/`` and ``expected/``. A folder of such folders is checked case by case,
each in a database of its own.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from tidemark import db
from tidemark.errors import DatabaseRefused, FileProblem, UsageProblem
from tidemark.golden import files, scratch, spec, stored
from tidemark.golden.compare import Difference, Finding, Outcome, as_text, compare
from tidemark.golden.files import CsvFile
from tidemark.golden.scratch import Scratch
from tidemark.golden.spec import Check
from tidemark.load import uploads
from tidemark.steps import Step, Steps

PURPOSES = ("rules_for", "kpi_for", "generate_bundles_for")
# A file of these that a case does not have means: no rows.
WHOLE = {
    f"expected/{name}.csv"
    for name in (
        "orders", "order_lines", "variants", "catalog_snapshot", "inventory_levels",
        "issues", "bundle_recommendations", "bundle_issues",
    )
}  # fmt: skip
# Computed before the file is compared, not earlier: bundles made from rules are no part of the saved ones.
FIRST = {
    "expected/association_rules.csv": "mine_association_rules",
    "expected/generated_bundles.csv": "propose_pair_bundles",
}
LONGEST_CELL = 1 << 30  # the limit of the csv module is smaller than cells of a golden file


@dataclass(frozen=True)
class Case:
    """One case directory."""

    directory: Path
    data: dict[str, Any]

    def input(self, name: str) -> Path:
        """Where an input file is, plain or compressed.

        Errors: FileProblem when it is neither.
        """
        for path in (self.directory / name, self.directory / f"{name}.gz"):
            if path.is_file():
                return path
        raise FileProblem(f"{self.directory.name} has no {name}", hint="case.json names it; add the file.")


def check(directory: Path, place: Scratch, time_zone: str) -> Steps[list[Finding]]:
    """Runs one case, or every case below a directory.

    Errors: UsageProblem when there is none; FileProblem for a case that cannot be read.
    """
    cases = _cases(directory)
    csv.field_size_limit(LONGEST_CELL)
    findings: list[Finding] = []
    for done, case in enumerate(cases):
        yield Step(f"case {case.directory.name}", done, len(cases))
        found = yield from _check_case(case, place, time_zone)
        for finding in found:
            if len(cases) > 1:
                finding.name = f"{case.directory.name}/{finding.name}"
            findings.append(finding)
    return findings


def _cases(directory: Path) -> list[Case]:
    places = (
        [directory]
        if (directory / "case.json").is_file()
        else sorted(path.parent for path in directory.glob("*/case.json"))
    )
    if not places:
        raise UsageProblem(
            f"{directory} holds no golden case", hint="Name a folder with case.json, or one that holds such folders."
        )
    cases = []
    for folder in places:
        try:
            cases.append(Case(folder, json.loads((folder / "case.json").read_text(encoding="utf-8"))))
        except (OSError, ValueError) as error:
            raise FileProblem(f"{folder.name}/case.json cannot be read", detail=str(error)) from error
    return cases


def _check_case(case: Case, place: Scratch, time_zone: str) -> Steps[list[Finding]]:
    found = files.find(case.directory)
    name = place.new_name("commerce")
    with place.database(name) as connection:
        if place.keep:
            yield Step(f"database {name} stays after the run")
        yield from scratch.apply_all(connection, place.settings)
        db.value(connection, "set_time_zone", time_zone=time_zone)
        _run(connection, "prepare")
        for number, step in enumerate(case.data["steps"], start=1):
            yield Step(
                f"{step['op']} {step.get('upload') or step.get('batch') or ''}", number, len(case.data["steps"])
            )
            yield from _take(connection, case, number, step, lambda: db.connect(place.dsn, dbname=name))
        for purpose in PURPOSES:
            for shop, run in case.data.get(purpose, []):
                _run(connection, "note_run", purpose=purpose, shop_id=shop, run_id=run)
        connection.execute("SELECT set_config('tidemark.golden_as_of', %s, false)", [case.data.get("as_of") or ""])
        checks = [*spec.read("commerce_tables.sql"), *spec.read("commerce_results.sql")]
        findings = _unknown(found, checks)
        for done, item in enumerate(checks):
            yield Step(f"comparing {item.file}", done, len(checks))
            if finding := _compare(connection, item, found.get(item.file)):
                findings.append(finding)
        day = (case.data.get("as_of") or "2025-06-30")[:10]
        findings += yield from stored.check(connection, "commerce", [day], lambda _day: [])
    return findings


def _take(
    connection: db.Connection, case: Case, number: int, step: dict[str, Any], connect: Callable[[], db.Connection]
) -> Steps[None]:
    match step["op"]:
        case "upload":
            given = {name: step.get(name) for name in ("kind", "run", "shop", "currency")}
            parameters = {name: value for name, value in given.items() if value is not None}
            job = uploads.Job("commerce", str(case.input(step["file"])), parameters, again=True)
            loaded = yield from uploads.load_file(connect, job)
            _run(
                connection,
                "note_upload",
                step_no=number,
                label=step["upload"],
                load_upload_id=loaded.upload.upload_id,
            )
        case "save_bundles":
            records = case.input(step["file"]).read_text(encoding="utf-8")
            _run(connection, "save_bundles", step_no=number, batch=step["batch"], records=records)
        case "approve":
            _run(connection, "approve", label=step["upload"], variant_ids=json.dumps(step["variant_ids"]))
        case other:
            raise FileProblem(f"{case.directory.name}/case.json asks for {other}, which is no step of a case")


def _compare(connection: db.Connection, item: Check, file: CsvFile | None) -> Finding | None:
    if file is None and item.file not in WHOLE:
        return None
    try:
        if item.file in FIRST:
            _run(connection, FIRST[item.file])
        with db.translated(item.file, item.query), connection.cursor() as cursor:
            cursor.row_factory = lambda _cursor: tuple
            cursor.execute(item.query.encode())
            columns = [column.name for column in cursor.description or ()]
            if file:
                return compare(item, file, columns, cursor)
            rows = cursor.fetchall()
    except DatabaseRefused as error:
        return Finding(item.file, Outcome.FAILED, note=f"{error.sqlstate} {error.message}")
    if not rows:
        return None
    finding = Finding(item.file, Outcome.DIFFERS, rows=len(rows), note="the case has no such file: no rows expected")
    for row in rows:
        finding.add(Difference({}, None, dict(zip(columns, map(as_text, row), strict=True)), "in excess"))
    return finding


def _unknown(found: dict[str, CsvFile], checks: list[Check]) -> list[Finding]:
    known = {item.file for item in checks}
    return [
        Finding(name, Outcome.UNKNOWN)
        for name in found
        if name not in known and name != "case.json" and not name.startswith("input/")
    ]


@cache
def _statements() -> dict[str, str]:
    text = package_files("tidemark.golden").joinpath("commerce_steps.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def _run(connection: db.Connection, name: str, **parameters: Any) -> None:
    with db.translated(f"step {name}"):
        connection.execute(_statements()[name].encode(), parameters or None)
