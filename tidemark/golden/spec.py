"""What is compared, read from a ``.sql`` file: one query a file of expected results.

    -- name: expected_coverage.csv
    -- key: as_of, cycle_id            columns that name a row
    -- order: seq, category            computed rows must come in this order ...
    -- within: as_of                   ... among those that agree in these columns
    -- tolerance: percentage 0.01      figures that may differ by that much
    -- reads: expected_cycles.csv (as_of, cycle_id)
    SELECT ...

Each golden file named by a query, and each it reads, is a temporary table of text columns while the query runs; a
file that is absent is an empty table with the columns given in ``reads``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files as package_files


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


def read(resource: str) -> list[Check]:
    """The checks of ``tidemark/golden/<resource>`` in the order of the file."""
    text = package_files("tidemark.golden").joinpath(resource).read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\S+)$", text, flags=re.MULTILINE)
    return [_check(name, body) for name, body in zip(parts[1::2], parts[2::2], strict=True)]


def _check(name: str, body: str) -> Check:
    notes: dict[str, list[str]] = {}
    for key, value in re.findall(r"^-- (key|order|within|tolerance|reads): (.+)$", body, flags=re.MULTILINE):
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
        query=body.strip(),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
