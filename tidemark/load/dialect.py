"""The dialect of CSV files: records as lenient spreadsheets write them. Pure functions, no database, no files.

Comma, double quote, a doubled quote inside quotes is one quote. LF, CRLF and single CR end a record outside quotes. A
quote that does not start a cell is an ordinary character; characters after a closing quote are appended.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

# What is removed at both ends of a cell before it is read; load.trimmed() in the database does it.
TRIMMED = " \t\n\r\v\f\u00a0\ufeff"
# Between the cells of a row where load_internal.check_statement() matches several at once.
JOINER = "\x1f"
# A table has at most 1,600 columns, and the staging table has four of its own.
MAX_COLUMNS = 1590

csv.field_size_limit(2**31 - 1)  # the cap is on records and the reader's own

_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class FileFailure(Exception):
    """The file as a whole cannot be loaded. ``code`` is for programs, the message for people."""

    def __init__(self, code: str, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail


@dataclass(frozen=True)
class Rules:
    """How a file is to be read, as its dataset is registered."""

    max_bytes: int | None = None
    max_record_bytes: int = 32 * 1024 * 1024
    encoding: str = "replace"  # replace, strict, strict_or_latin1
    skipped_records: str = "blank"  # blank, empty
    surplus_cells: str = "reject"  # reject, ignore


@dataclass(frozen=True)
class Staged:
    """One record as it goes into the staging table; ``cells`` has one entry a header.

    ``needs_care``: a cell has white space at its ends or the character that the database joins cells with, so that
    the short way of reading cells is not for this record.
    """

    needs_care: bool
    flaw: str | None
    flaw_value: str | None
    cells: Sequence[str]


class Decoder:
    """Bytes to text. ``codec`` and ``errors`` as for ``bytes.decode``."""

    def __init__(self, rules: Rules, first_bytes: bytes) -> None:
        self.codec = "utf-8"
        self.errors = "replace" if rules.encoding == "replace" else "strict"
        if rules.encoding == "strict_or_latin1" and not _could_be_utf8(first_bytes[:4096]):
            self.codec = "latin-1"

    def __call__(self, data: bytes) -> str:
        try:
            return data.decode(self.codec, self.errors)
        except UnicodeDecodeError as error:
            raise FileFailure(
                "bad_encoding", "The file is not UTF-8.", f"byte {data[error.start]:#04x}: {error.reason}"
            ) from None


def _could_be_utf8(data: bytes) -> bool:
    """Whether these first bytes of a file are UTF-8, or would be if their last character were not cut."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(data) - error.start < 4
    return True


def records(data: bytes, decode: Decoder, *, is_end: bool) -> Iterator[tuple[list[str], int]]:
    """The complete records at the front of ``data``, each with the offset of its end.

    Blank lines come as empty lists. What is left behind the last offset waits for more data.
    ``is_end``: nothing follows, so a line without line end is complete.
    Errors: FileFailure when the data end inside quotes and nothing follows.
    """
    if not is_end:
        # A lone CR at the very end may be the first half of CRLF.
        cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        data = data[:cut]
    lines = _LineFeed(data, decode)
    reader = csv.reader(lines)
    for cells in reader:
        if lines.is_exhausted:  # the reader asked for a line in the middle of a record: a quote is open
            if is_end:
                raise FileFailure("malformed_csv", "A quote is still open at the end of the file.")
            return
        yield cells, lines.position


class _LineFeed:
    """Gives a csv reader its lines, line ends included, and knows how many bytes it took."""

    def __init__(self, data: bytes, decode: Decoder) -> None:
        self.position = 0
        self.is_exhausted = False
        self._matches = _LINES.finditer(data)
        self._decode = decode

    def __iter__(self) -> _LineFeed:
        return self

    def __next__(self) -> str:
        match = next(self._matches, None)
        if match is None:
            self.is_exhausted = True
            raise StopIteration
        self.position = match.end()
        return self._decode(match[0])


def staged(cells: Sequence[str], width: int, rules: Rules) -> Staged | None:
    """A record cut or padded to the width of the header; None for one that does not exist."""
    if not cells or (rules.skipped_records == "blank" and not "".join(cells).strip(TRIMMED)):
        return None
    flaw = value = None
    # U+0000 cannot be stored; the record is rejected anyway
    has_nul = any("\0" in cell for cell in cells)
    if has_nul:
        flaw, value = "nul_character", ""
        cells = [cell.replace("\0", "") for cell in cells]
    if len(cells) > width:
        if not has_nul and rules.surplus_cells == "reject":
            value = next((cell for cell in cells[width:] if cell.strip(TRIMMED)), None)
            flaw = None if value is None else "too_many_fields"
        cells = cells[:width]
    elif len(cells) < width:
        cells = [*cells, *repeat("", width - len(cells))]
    needs_care = list(map(str.strip, cells, repeat(TRIMMED))) != list(cells) or any(JOINER in cell for cell in cells)
    return Staged(needs_care, flaw, value, cells)
