"""Realistic rows in any number, for trials, benchmarks and the demo; made by the database from plain SQL files.

``scripts/generate/<family>/NN_name.sql`` are sent in the order of their numbers, after the files of
``scripts/generate`` itself, in one transaction: all rows or none. They draw every value from a hash of seed and row
number, so the same request gives the same rows on every server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tidemark import db, project
from tidemark.errors import UsageProblem
from tidemark.steps import Step, Steps


@dataclass(frozen=True)
class Request:
    """What to generate.

    ``size``: how many of what the family is about; everything else follows from it. ``as_of``: the day that dates
    lie around. ``append``: go on after the rows that exist; without it a filled family is refused.
    """

    size: int
    as_of: date
    seed: int = 1
    append: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class TableRows:
    """Rows that went into one table."""

    table: str
    rows: int


@dataclass(frozen=True)
class Measure:
    """What the size of a family counts, and how many it is when nothing is said."""

    noun: str
    default: int


class _Undo(Exception):
    """Ends a dry run: leaves the transaction, and with it everything that was inserted."""


def families() -> list[str]:
    """The families whose rows the database generates."""
    base = project.library()
    return [name for name in project.families(base) if _files(name)]


def measure(family: str) -> Measure:
    """By the line ``-- size: noun, number`` of the family's files; rows and 10,000 without one."""
    for file in _files(family):
        found = re.search(r"^-- size: +(\w+), (\d+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return Measure(found[1], int(found[2]))
    return Measure("rows", 10_000)


def generate(connection: db.Connection, family: str, request: Request) -> Steps[list[TableRows]]:
    """Fills the tables of a family and brings their statistics and identity columns up to date.

    Shape:  one item a table that got rows, by name.
    Errors: UsageProblem for an unknown family; DatabaseRefused when the family is filled already (55000), a figure is
            out of range (22023) or tables are missing (42P01).
    """
    if family not in families():
        raise UsageProblem(f"there is no generator for {family}", hint=f"Known: {', '.join(families())}.")
    files = [*sorted((project.library() / "scripts/generate").glob("*.sql")), *_files(family)]
    rows: list[TableRows] = []
    with _transaction(connection):
        db.run(
            connection,
            "request_generation",
            size=request.size,
            seed=request.seed,
            as_of=request.as_of,
            append=request.append,
        )
        for done, file in enumerate(files):
            text = file.read_text(encoding="utf-8")
            yield Step(text.splitlines()[0].removeprefix("-- "), done, len(files))
            db.send(connection, text, file.name)
        rows += (
            TableRows(row.table_name, row.rows_inserted)
            for row in db.fetch(connection, "inserted_rows", schema=family)
        )
        if request.dry_run:
            raise _Undo
    return rows


@contextmanager
def _transaction(connection: db.Connection) -> Iterator[None]:
    try:
        with db.transaction(connection):
            yield
    except _Undo:
        pass


def _files(family: str) -> list[Path]:
    return sorted((project.library() / "scripts/generate" / family).glob("*.sql"))
