"""Compares a file of expected rows with computed rows: all rows, all columns, and the order where it matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from tidemark.golden.files import CsvFile
from tidemark.golden.spec import Check

EXAMPLES = 10


class Outcome(StrEnum):
    """What became of a file."""

    EQUAL = "equal"
    DIFFERS = "differs"
    FAILED = "cannot be computed"
    ABSENT = "absent"
    NOT_COVERED = "not covered yet"
    INFORMATION = "information only"
    UNKNOWN = "unknown file"
    LOADED = "loaded"


@dataclass(frozen=True)
class Difference:
    """One row that is not as expected.

    ``expected`` and ``actual`` hold the cells that differ; one of them is None when the row is on one side only.
    """

    case: dict[str, str]
    expected: dict[str, str | None] | None
    actual: dict[str, str | None] | None
    note: str = ""


@dataclass
class Finding:
    """What the checker says about one file or stored view."""

    name: str
    outcome: Outcome
    rows: int = 0  # compared: expected rows and those computed in excess
    differences: int = 0  # rows, not cells
    examples: list[Difference] = field(default_factory=list)
    note: str = ""

    @property
    def is_bad(self) -> bool:
        return self.outcome in (Outcome.DIFFERS, Outcome.FAILED)

    def add(self, difference: Difference) -> None:
        """Counts a difference; the first few are kept."""
        self.outcome = Outcome.DIFFERS
        self.differences += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(difference)

    def merge(self, other: Finding) -> None:
        """Takes in what was found about the same thing on another day."""
        if other.is_bad and self.outcome is not Outcome.FAILED:
            self.outcome = other.outcome
        self.rows += other.rows
        self.differences += other.differences
        self.examples += other.examples[: EXAMPLES - len(self.examples)]
        self.note = self.note or other.note


def compare(
    check: Check,
    file: CsvFile,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    day: str | None = None,
) -> Finding:
    """Sets the rows of a file against computed rows.

    ``columns``: names of the computed columns; one the file does not have is not compared. ``day``: only the rows of
    the file for this day, if it has days.
    Errors: FileProblem when the file cannot be read.
    """
    finding = Finding(file.name, Outcome.EQUAL)
    header = file.header()
    lacking = [column for column in check.key if column not in header]
    unknown = [column for column in header if column not in columns]
    if lacking or unknown:
        finding.outcome = Outcome.FAILED
        finding.note = "; ".join(
            [f"the file lacks the key column {column}" for column in lacking]
            + [f"nothing computes its column {column}" for column in unknown]
        )
        return finding
    key_at = [header.index(column) for column in check.key]
    expected: defaultdict[tuple[str, ...], list[list[str | None]]] = defaultdict(list)
    day_at = header.index("as_of") if day and "as_of" in header else None
    for _line, cells in file.rows():
        if day_at is not None and cells[day_at] != day:
            continue
        expected[tuple(cells[at] or "" for at in key_at)].append(cells)
        finding.rows += 1

    value_at = [list(columns).index(column) for column in header]
    key_in_row = [list(columns).index(column) for column in check.key]
    tolerances = [check.tolerance.get(column) for column in header]
    order = _Order(check, columns)
    for row in rows:
        key = tuple(as_text(row[at]) or "" for at in key_in_row)
        case = dict(zip(check.key, key, strict=True))
        if order.is_broken_by(row):
            finding.add(Difference(case, None, None, f"comes out of order ({', '.join(check.order)})"))
        if not (waiting := expected.get(key)):
            finding.rows += 1
            cells_of_row = {name: as_text(row[at]) for name, at in zip(header, value_at, strict=True)}
            finding.add(Difference(case, None, cells_of_row, "in excess"))
            continue
        cells = waiting.pop(0)
        wrong = [at for at, cell in enumerate(cells) if not is_equal(cell, row[value_at[at]], tolerances[at])]
        if wrong:
            finding.add(
                Difference(
                    case,
                    {header[at]: cells[at] for at in wrong},
                    {header[at]: as_text(row[value_at[at]]) for at in wrong},
                )
            )
    for key, left in expected.items():
        for cells in left:
            finding.add(
                Difference(
                    dict(zip(check.key, key, strict=True)), dict(zip(header, cells, strict=True)), None, "missing"
                )
            )
    return finding


class _Order:
    """Watches that computed rows come in ascending order."""

    def __init__(self, check: Check, columns: Sequence[str]) -> None:
        self.order_at = [list(columns).index(column) for column in check.order]
        self.within_at = [list(columns).index(column) for column in check.within]
        self.last: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def is_broken_by(self, row: tuple[Any, ...]) -> bool:
        if not self.order_at:
            return False
        group = tuple(row[at] for at in self.within_at)
        # Text compares by code point, as COLLATE "C" does in UTF-8; NULL comes first.
        place = tuple((False,) if row[at] is None else (True, row[at]) for at in self.order_at)
        before = self.last.get(group)
        self.last[group] = place
        return before is not None and place < before


def is_equal(expected: str | None, actual: Any, tolerance: Decimal | None) -> bool:
    """Whether a cell of a golden file means the computed value. The type is that of the value."""
    if expected is None or actual is None:
        return expected is None and actual is None
    if isinstance(actual, str):
        return expected == actual
    try:
        if isinstance(actual, bool):
            return {"t": True, "true": True, "f": False, "false": False}[expected] is actual
        if isinstance(actual, datetime):
            return datetime.fromisoformat(expected) == actual
        if isinstance(actual, date):
            return date.fromisoformat(expected) == actual
        return abs(Decimal(expected) - Decimal(str(actual))) <= (tolerance or 0)
    except (KeyError, ValueError, TypeError, InvalidOperation):
        return False


def as_text(value: Any) -> str | None:
    """A computed value as a golden file writes it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        utc = value.astimezone(UTC)
        return f"{utc:%Y-%m-%d %H:%M:%S}{f'.{utc.microsecond:06}'.rstrip('0') if utc.microsecond else ''}+00"
    return str(value)
