"""Rejected records as a CSV file that a person can correct and load again; load.rejects_file() says what is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any


def lines(records: Iterable[Any]) -> Iterator[str]:
    """The lines of the file; ``records``: rows with ``cells``, the header first."""
    for record in records:
        yield _line(record.cells)


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
