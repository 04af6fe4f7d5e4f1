"""Reads what a family's golden cases are: ``golden.toml`` and the ``.sql`` files beside it.

A query of expected rows names its file and what matters when it is compared:

    -- name: expected_coverage.csv
    -- key: as_of, cycle_id            columns that name a row
    -- order: seq, category            computed rows must come in this order ...
    -- within: as_of                   ... among those that agree in these columns
    -- tolerance: percentage 0.01      figures that may differ by that much
    -- reads: expected_cycles.csv (as_of, cycle_id)
    -- before: mine_rules              a statement of the steps that runs first
    -- absent: no rows                 without the file no row may be computed
    SELECT ...

Each golden file named by a query, and each it reads, is a temporary table of text columns while the query runs; a
file that is absent is an empty table with the columns given in ``reads``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tidemark import project
from tidemark.errors import FileProblem, UsageProblem

FOLDER = "tests/golden"
FILE = "golden.toml"
_NOTES = re.compile(r"^-- (key|order|within|tolerance|reads|before|absent): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """One expected file and the query that computes the same rows through public functions and views."""

    file: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    within: tuple[str, ...]
    tolerance: dict[str, Decimal]
    reads: dict[str, tuple[str, ...]]
    query: str
    before: str | None = None
    is_whole: bool = False  # an absent file means that no row may be computed


@dataclass(frozen=True)
class Suite:
    """Steps in one database, and what is compared afterwards.

    ``needs``: file or folder without which the suite has nothing to do. ``days``: a statement that gives the days on
    which stored views are compared with their live twins; ``expected``: the days of the expected files.
    """

    name: str
    needs: str
    steps: list[dict[str, Any]]
    checks: list[Check]
    days: str | None = None


@dataclass(frozen=True)
class Family:
    """The golden cases of a family. ``cases``: the file that makes a folder a case; None: a directory is one case.

    ``inputs`` and ``information``: files and folders (ending in /) that steps read, and that are for people.
    """

    name: str
    schema: str
    cases: str | None
    inputs: tuple[str, ...]
    information: tuple[str, ...]
    statements: dict[str, str] = field(repr=False)
    suites: list[Suite] = field(repr=False)


def families() -> list[str]:
    """The families that have golden cases."""
    base = project.library()
    return [name for name in project.families(base) if (base / FOLDER / name / FILE).is_file()]


def read(name: str) -> Family:
    """The golden cases of a family.

    Errors: UsageProblem for a family that has none; FileProblem naming file and key.
    """
    folder = project.library() / FOLDER / name
    if not (folder / FILE).is_file():
        raise UsageProblem(f"{name} has no golden cases", hint=f"Known: {', '.join(families()) or 'none'}.")
    try:
        given = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
        statements = (folder / given["statements"]).read_text(encoding="utf-8") if "statements" in given else ""
        suites = [_suite(folder, suite) for suite in given["suite"]]
        return Family(
            name,
            given.get("schema", name),
            given.get("cases"),
            tuple(given.get("inputs", ())),
            tuple(given.get("information", ())),
            named(statements),
            suites,
        )
    except (KeyError, OSError, tomllib.TOMLDecodeError) as error:
        raise FileProblem(
            f"{FOLDER}/{name}/{FILE} cannot be used", detail=f"{type(error).__name__}: {error}"
        ) from error


def named(text: str) -> dict[str, str]:
    """The statements of a ``.sql`` file, by the ``-- name:`` line above each."""
    parts = re.split(r"^-- name: (\S+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def checks(path: Path) -> list[Check]:
    """The queries of expected rows in a file, in its order."""
    return [_check(name, body) for name, body in named(path.read_text(encoding="utf-8")).items()]


def _suite(folder: Path, given: dict[str, Any]) -> Suite:
    found = [check for name in given.get("checks", []) for check in checks(folder / name)]
    return Suite(given["name"], given["needs"], given.get("steps", []), found, given.get("days"))


def _check(name: str, body: str) -> Check:
    notes: dict[str, list[str]] = {}
    for key, value in _NOTES.findall(body):
        notes.setdefault(key, []).append(value)
    reads = {}
    for entry in notes.get("reads", []):
        file, columns = re.fullmatch(r"(\S+) \((.+)\)", entry).groups()  # type: ignore[union-attr]
        reads[file] = _list(columns)
    return Check(
        file=name,
        key=_list(", ".join(notes["key"])),
        order=_list(", ".join(notes.get("order", []))),
        within=_list(", ".join(notes.get("within", []))),
        tolerance={
            column: Decimal(limit)
            for column, limit in (entry.split() for entry in _list(", ".join(notes.get("tolerance", []))))
        },
        reads=reads,
        query=body,
        before=notes["before"][0] if "before" in notes else None,
        is_whole=notes.get("absent") == ["no rows"],
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
