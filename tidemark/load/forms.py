"""How records are written for COPY, with their number and signs in front of the cells. Pure functions."""

from __future__ import annotations

from tidemark.load.dialect import Staged


def as_csv(row: Staged, number: int) -> bytes:
    """One record in COPY's csv format."""
    values = [row.flaw or "", row.flaw_value or "", *row.cells]
    quoted = ",".join('"' + value.replace('"', '""') + '"' if value else "" for value in values)
    return f"{number},{'t' if row.needs_care else 'f'},{quoted}\n".encode()


def as_text(rows: list[Staged], first: int) -> bytes:
    """Records in COPY's text format, the first of which has that number."""
    # escapes are made for all at once, with control characters as place holders
    cell_end, row_end, null = "\x1d", "\x1e", "\x1f"
    lines = [
        cell_end.join(
            (str(number), "t" if row.needs_care else "f", row.flaw or null, row.flaw_value or null, *row.cells)
        )
        for number, row in enumerate(rows, first)
    ]
    whole = row_end.join([*lines, ""])
    expected = (
        sum(3 + len(row.cells) for row in rows),
        len(rows),
        sum((not row.flaw) + (not row.flaw_value) for row in rows),
    )
    if (whole.count(cell_end), whole.count(row_end), whole.count(null)) != expected:
        # a cell holds such a character itself
        return b"".join(_line_as_text(row, number) for number, row in enumerate(rows, first))
    whole = _escaped(whole)
    return whole.replace(cell_end, "\t").replace(row_end, "\n").replace(null, "\\N").encode()


def _line_as_text(row: Staged, number: int) -> bytes:
    values = [str(number), "t" if row.needs_care else "f"]
    values += [_escaped(value) if value else "\\N" for value in (row.flaw, row.flaw_value)]
    return "\t".join([*values, *map(_escaped, row.cells)]).encode() + b"\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
