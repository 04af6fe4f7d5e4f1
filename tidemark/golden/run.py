"""Runs the golden cases of a family: the steps of each suite in a database of its own, then the comparisons."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tidemark import db
from tidemark.config import Settings
from tidemark.errors import DatabaseRefused, FileProblem, UsageProblem
from tidemark.golden import files, load, scratch, spec, steps, stored
from tidemark.golden.compare import Difference, Finding, Outcome, as_text, compare
from tidemark.golden.files import CsvFile
from tidemark.golden.scratch import Scratch
from tidemark.golden.spec import Check, Family, Suite
from tidemark.golden.steps import Stage
from tidemark.steps import Step, Steps

LONGEST_CELL = 1 << 30  # the limit of the csv module is smaller than cells of a golden file


def check(
    family: str,
    directory: Path,
    settings: Settings,
    *,
    keep: bool = False,
    time_zone: str = "UTC",
    template: str | None = None,
) -> Steps[list[Finding]]:
    """Everything the checker finds in a directory, files first, then stored views.

    ``time_zone``: of the session; results must not depend on it. ``template``: a database with everything applied and
    no rows, to be copied; without it one is made.
    Errors: UsageProblem, FileProblem, CannotConnect, DatabaseRefused.
    """
    wanted = spec.read(family)
    cases(wanted, directory)  # a wrong directory is told before a database is made
    place = yield from scratch.prepare(settings, keep)
    if template:
        return (yield from check_in(wanted, directory, replace(place, template=template), time_zone))
    with scratch.template(place, family) as ready:
        yield from scratch.fill_template(ready)
        return (yield from check_in(wanted, directory, ready, time_zone))


def check_in(family: Family, directory: Path, place: Scratch, time_zone: str = "UTC") -> Steps[list[Finding]]:
    """Like ``check``, on a server that is there, in copies of the template of ``place``."""
    csv.field_size_limit(LONGEST_CELL)
    found = cases(family, directory)
    findings: list[Finding] = []
    for done, case in enumerate(found):
        if len(found) > 1:
            yield Step(f"case {case.name}", done, len(found))
        for finding in (yield from _check_case(family, case, place, time_zone)):
            if len(found) > 1:
                finding.name = f"{case.name}/{finding.name}"
            findings.append(finding)
    return findings


def cases(family: Family, directory: Path) -> list[Path]:
    """The folders to check: the directory itself, or the cases in it.

    Errors: UsageProblem when it holds none.
    """
    if family.cases is None or (directory / family.cases).is_file():
        found = files.find(directory)
        if not any(_has(found, suite.needs) for suite in family.suites):
            needs = " or ".join(
                f"{suite.needs}*.csv" if suite.needs[-1] == "/" else suite.needs for suite in family.suites
            )
            raise UsageProblem(
                f"{directory} has no {needs}",
                hint="Name the folder of one golden data set; its README.md says which files belong to it.",
            )
        return [directory]
    places = sorted(path.parent for path in directory.glob(f"*/{family.cases}"))
    if not places:
        raise UsageProblem(
            f"{directory} holds no golden case",
            hint=f"Name a folder with {family.cases}, or one that holds such folders.",
        )
    return places


def _check_case(family: Family, directory: Path, place: Scratch, time_zone: str) -> Steps[list[Finding]]:
    found = files.find(directory)
    findings: list[Finding] = []
    unknown: list[str] = []
    for suite in family.suites:
        if _has(found, suite.needs):
            findings += yield from _check_suite(family, suite, directory, found, place, time_zone, unknown)
    return findings + _not_compared(family, found, unknown)


def _check_suite(
    family: Family,
    suite: Suite,
    directory: Path,
    found: dict[str, CsvFile],
    place: Scratch,
    time_zone: str,
    unknown: list[str],
) -> Steps[list[Finding]]:
    name = place.new_name(f"{family.name}_{suite.name}")
    with place.database(name) as connection:
        if place.keep:
            yield Step(f"database {name} stays after the run")
        yield from scratch.apply_all(connection, place.settings)
        document = json.dumps(steps.document_of(found[family.cases])) if family.cases else None
        stage = Stage(family, directory, found, connection, lambda: db.connect(place.dsn, dbname=name))
        db.value(connection, "set_time_zone", time_zone=time_zone)
        yield from steps.take(stage, suite.steps, {"document": document})
        unknown += stage.unknown
        findings = [Finding(suite.needs, Outcome.LOADED, stage.loaded_rows)] if suite.needs[-1] == "/" else []
        load_expected(connection, found, suite.checks)
        for done, item in enumerate(suite.checks):
            yield Step(f"comparing {item.file}", done, len(suite.checks))
            if finding := compare_file(stage, item, found.get(item.file)):
                findings.append(finding)
        if suite.days:
            findings += yield from stored.check(
                connection,
                family.schema,
                _days(stage, suite, document),
                lambda day: [
                    _compare_day(stage, item, found[item.file], day)
                    for item in suite.checks
                    if suite.days == "expected" and item.file in found
                ],
            )
    return findings


def _days(stage: Stage, suite: Suite, document: str | None) -> list[str]:
    if suite.days == "expected":
        return days(stage.found, suite.checks)
    statement = stage.family.statements[str(suite.days)]
    with db.translated(f"step {suite.days}"):
        rows: list[Any] = stage.connection.execute(statement.encode(), {"document": document}).fetchall()
    return [str(row[0]) for row in rows]


def days(found: dict[str, CsvFile], checks: Iterable[Check]) -> list[str]:
    """The days that the expected files are about, ascending."""
    seen: set[str] = set()
    for item in checks:
        file = found.get(item.file)
        if file and "as_of" in (header := file.header()):
            at = header.index("as_of")
            seen.update(day for _line, cells in file.rows() if (day := cells[at]))
    return sorted(seen)


def load_expected(connection: db.Connection, found: dict[str, CsvFile], checks: list[Check]) -> None:
    needed: dict[str, set[str]] = {}
    for item in checks:
        if item.file.rpartition("/")[2].removesuffix(".csv") in item.query:
            needed.setdefault(item.file, set())
        for file, columns in item.reads.items():
            needed.setdefault(file, set()).update(columns)
    for name, wanted in needed.items():
        if given := found.get(name):
            if lacking := wanted - set(given.header()):
                raise FileProblem(f"{name} lacks the columns {', '.join(sorted(lacking))}")
            load.load_text(connection, given)
        elif wanted:
            load.make_text_table(connection, name.rpartition("/")[2].removesuffix(".csv"), wanted)


def compare_file(stage: Stage, item: Check, file: CsvFile | None, day: str | None = None) -> Finding | None:
    if file is None and not item.is_whole:
        return None if stage.family.cases else Finding(item.file, Outcome.ABSENT)
    try:
        with db.transaction(stage.connection), db.translated(item.file, item.query):
            if item.before:
                stage.run(item.before, {})
            with stage.connection.cursor() as cursor:
                cursor.row_factory = lambda _cursor: tuple  # names may repeat, so they cannot be attributes
                cursor.execute(item.query.encode())
                columns = [column.name for column in cursor.description or ()]
                if file:
                    return compare(item, file, columns, cursor, day)
                rows = cursor.fetchall()
    except DatabaseRefused as error:
        return Finding(item.file, Outcome.FAILED, note=f"{error.sqlstate} {error.message}")
    if not rows:
        return None
    finding = Finding(item.file, Outcome.DIFFERS, rows=len(rows), note="there is no such file: no rows expected")
    for row in rows:
        finding.add(Difference({}, None, dict(zip(columns, map(as_text, row), strict=True)), "in excess"))
    return finding


class _Undo(Exception):
    """Leaves a transaction and takes back what was done in it."""


def _compare_day(stage: Stage, item: Check, file: CsvFile, day: str) -> Finding:
    """One day of a file. The queries take their days from the expected rows, so the other days are hidden."""
    try:
        with db.transaction(stage.connection):
            for name in {item.file, *item.reads}:
                table = name.removesuffix(".csv")
                if db.value(stage.connection, "has_days", table=table):
                    statement = db.value(stage.connection, "hide_days_statement", table=table, as_of=day)
                    db.send(stage.connection, statement, statement)
            finding = compare_file(stage, item, file, day)
            raise _Undo
    except _Undo:
        assert finding is not None  # the file is there
        finding.name = f"{item.file} from stored rows"
        return finding


def _has(found: dict[str, CsvFile], needs: str) -> bool:
    return needs in found or (needs.endswith("/") and any(name.startswith(needs) for name in found))


def _not_compared(family: Family, found: dict[str, CsvFile], unknown: list[str]) -> list[Finding]:
    """Files that no suite reads: for people, or nobody knows them."""
    expected = {item.file for suite in family.suites for item in suite.checks}
    findings = []
    for name in found:
        if name in unknown:
            findings.append(Finding(name, Outcome.UNKNOWN, note=f"{family.schema} has no such table"))
        elif name.startswith(family.information) and family.information:
            findings.append(Finding(name, Outcome.INFORMATION))
        elif name not in expected and not (family.inputs and name.startswith(family.inputs)):
            findings.append(Finding(name, Outcome.UNKNOWN))
    return findings
