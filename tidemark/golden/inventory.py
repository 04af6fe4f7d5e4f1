"""The golden layout of one inventory: tables to load, and one file of expected rows a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark import db
from tidemark.errors import DatabaseRefused, FileProblem, UsageProblem
from tidemark.golden import files, load, scratch, spec, stored
from tidemark.golden.compare import Finding, Outcome, compare
from tidemark.golden.files import CsvFile
from tidemark.golden.scratch import Scratch
from tidemark.golden.spec import Check
from tidemark.steps import Step, Steps


@dataclass(frozen=True)
class Layout:
    """Which files of a directory are what. Names ending in a slash mean everything below."""

    schema: str
    queries: str  # resource with one query an expected file
    tables: str  # folder of the rows to load, one file a table
    information: tuple[str, ...]  # for people; nothing to compare
    elsewhere: tuple[str, ...]  # cases that another module runs


def check(layout: Layout, directory: Path, place: Scratch, time_zone: str) -> Steps[list[Finding]]:
    """Loads the tables into a new database, computes each result and compares it with its file.

    Shape:  one finding a file, and one a stored view and day.
    Errors: UsageProblem when the directory holds no tables; FileProblem, DatabaseRefused when they cannot be loaded.
    """
    found = files.find(directory)
    checks = spec.read(layout.queries)
    tables = [file for name, file in found.items() if name.startswith(layout.tables)]
    if not tables:
        raise UsageProblem(
            f"{directory} has no {layout.tables}*.csv",
            hint="Name the folder of one golden data set; its README.md says which files belong to it.",
        )
    name = place.new_name(layout.schema)
    with place.database(name) as connection:
        if place.keep:
            yield Step(f"database {name} stays after the run")
        yield from scratch.apply_all(connection, place.settings)
        known = set(load.in_load_order(connection, layout.schema))
        rows = yield from load.load_tables(connection, layout.schema, [file for file in tables if file.stem in known])
        findings = [Finding(layout.tables, Outcome.LOADED, rows)]
        findings += _not_compared(layout, found, checks, known)
        db.value(connection, "set_time_zone", time_zone=time_zone)
        _load_expected(connection, found, checks)
        for done, item in enumerate(checks):
            yield Step(f"comparing {item.file}", done, len(checks))
            findings.append(_compare(connection, item, found.get(item.file)))

        def ask_again(day: str) -> list[Finding]:
            given = [item for item in checks if item.file in found]
            return [_compare_day(connection, item, found[item.file], day) for item in given]

        findings += yield from stored.check(connection, layout.schema, days(found, checks), ask_again)
    return findings


def days(found: dict[str, CsvFile], checks: Iterable[Check]) -> list[str]:
    """The days that the expected files are about, ascending."""
    seen: set[str] = set()
    for item in checks:
        file = found.get(item.file)
        if file and "as_of" in (header := file.header()):
            at = header.index("as_of")
            seen.update(day for _line, cells in file.rows() if (day := cells[at]))
    return sorted(seen)


def _load_expected(connection: db.Connection, found: dict[str, CsvFile], checks: list[Check]) -> None:
    needed: dict[str, set[str]] = {item.file: set() for item in checks}
    for item in checks:
        for file, columns in item.reads.items():
            needed.setdefault(file, set()).update(columns)
    for name, wanted in needed.items():
        if given := found.get(name):
            if lacking := wanted - set(given.header()):
                raise FileProblem(f"{name} lacks the columns {', '.join(sorted(lacking))}")
            load.load_text(connection, given)
        elif wanted:
            load.make_text_table(connection, name.removesuffix(".csv"), wanted)


def _compare(connection: db.Connection, item: Check, file: CsvFile | None, day: str | None = None) -> Finding:
    if file is None:
        return Finding(item.file, Outcome.ABSENT)
    try:
        with db.transaction(connection), db.translated(item.file, item.query), connection.cursor() as cursor:
            cursor.row_factory = _plain_rows
            cursor.execute(item.query.encode())
            columns = [column.name for column in cursor.description or ()]
            return compare(item, file, columns, cursor, day)
    except DatabaseRefused as error:
        return Finding(item.file, Outcome.FAILED, note=f"{error.sqlstate} {error.message}")


def _compare_day(connection: db.Connection, item: Check, file: CsvFile, day: str) -> Finding:
    """One day of a file. The queries take their days from the expected rows, so the other days are hidden."""
    try:
        with db.transaction(connection):
            for name in {item.file, *item.reads}:
                table = name.removesuffix(".csv")
                if db.value(connection, "has_days", table=table):
                    statement = db.value(connection, "hide_days_statement", table=table, as_of=day)
                    db.send(connection, statement, statement)
            finding = _compare(connection, item, file, day)
            finding.name = f"{item.file} from stored rows"
            raise _Undo
    except _Undo:
        return finding


class _Undo(Exception):
    """Leaves a transaction and takes back what was done in it."""


def _plain_rows(_cursor: Any) -> Any:
    """Rows as they come: names may repeat, so they cannot be attributes."""
    return tuple


def _not_compared(layout: Layout, found: dict[str, CsvFile], checks: list[Check], known: set[str]) -> list[Finding]:
    expected = {item.file for item in checks}
    findings = []
    for name, file in found.items():
        if name.startswith(layout.tables):
            if file.stem not in known:
                findings.append(Finding(name, Outcome.UNKNOWN, note=f"{layout.schema} has no table {file.stem}"))
        elif name in layout.information:
            findings.append(Finding(name, Outcome.INFORMATION))
        elif name not in expected and not name.startswith(layout.elsewhere):
            findings.append(Finding(name, Outcome.UNKNOWN))
    return findings
