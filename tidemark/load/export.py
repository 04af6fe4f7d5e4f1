"""Rejected records as a CSV file that a person can correct and load again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# Two columns more than the file had. A file with the first of them is taken for an export when it is loaded.
MARKS = ("rejected_because", "rejected_row")

# What a spreadsheet runs as a formula, behind any number of apostrophes, so that guarding can be undone exactly.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet would run it. load.unguarded() takes it away again."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def export(header: Sequence[str], records: Iterable[Any]) -> Iterator[str]:
    """The lines of the file; ``records``: rows with ``row_no``, ``cells``, ``reasons``.

    A record that had more cells than the header keeps the first surplus one, in a column without name.
    """
    rows = list(records)
    width = max([len(header), *(len(row.cells) for row in rows)])
    names = [name for name in header if name not in MARKS]
    keep = [number for number, name in enumerate(header) if name not in MARKS]
    keep += range(len(header), width)
    names += [""] * (width - len(header))
    yield _line([*map(guarded, names), *MARKS])
    for row in rows:
        cells = [row.cells[number] if number < len(row.cells) else "" for number in keep]
        yield _line([*map(guarded, cells), guarded(row.reasons or ""), str(row.row_no)])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
