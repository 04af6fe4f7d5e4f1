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

from tidemark.load.guess import advice

# What is removed at both ends of a cell before it is read; load.trimmed() in the database does it.
TRIMMED = " \t\n\r\v\f\u00a0\ufeff"
# Between the cells of a row where load_internal.check_statement() matches several at once.
JOINER = "\x1f"
# A byte that cannot be read, as Python carries it along.
_UNDECODED = re.compile("[\udc80-\udcff]")
# What the database looks at in a cell before the short way is taken: marks of text that spreadsheets write, numbers
# that they spoilt, characters nobody sees.
_NOTABLE = re.compile(
    r"(?:^|\x1f)(?:=[\"(]|'[-0-9=+@]|#(?:#|[A-Z/0]+[!?A]))|[0-9][eE]\+[0-9]"
    "|[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
# A table has at most 1,600 columns, and the staging table has four of its own.
MAX_COLUMNS = 1590

SAMPLE_BYTES = 4096

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
    missing_cells: str = "fill"  # fill, reject
    given_encoding: str | None = None  # as the caller says; None: by the first bytes, else UTF-8
    delimiter: str | None = None  # as the caller says; None: by the header


@dataclass(frozen=True)
class Staged:
    """One record as it goes into the staging table; ``cells`` has one entry a header.

    ``needs_care``: the short way of reading cells is not for this record: a cell has white space at its ends, the
    character that the database joins cells with, or something notable.
    ``flaw_value``: of a record without flaw the numbers of the cells with bytes that could not be read, from 1; of
    one with too few fields the number of its cells, and then those.
    """

    needs_care: bool
    flaw: str | None
    flaw_value: str | None
    cells: Sequence[str]


class Decoder:
    """Bytes to text. ``codec`` and ``errors`` as for ``bytes.decode``; ``sample``: of what could not be read."""

    def __init__(self, rules: Rules, first_bytes: bytes) -> None:
        self.codec = "utf-8"
        self.sample = b""
        self.has_utf8 = False  # something beyond ASCII that is UTF-8
        self.errors = "surrogateescape" if rules.encoding == "replace" else "strict"
        if rules.encoding == "strict_or_latin1" and not _could_be_utf8(first_bytes[:4096]):
            self.codec = "latin-1"

    def __call__(self, data: bytes) -> str:
        try:
            text = data.decode(self.codec)
            self.has_utf8 = self.has_utf8 or not text.isascii()
            return text
        except UnicodeDecodeError as error:
            if len(self.sample) < SAMPLE_BYTES:
                self.sample += data[:SAMPLE_BYTES]
            if self.errors == "strict":
                raise FileFailure(
                    "bad_encoding",
                    f"The file is not UTF-8. Of its bytes: {advice(data)}.",
                    f"byte {data[error.start]:#04x}: {error.reason}",
                ) from None
            return data.decode(self.codec, self.errors)


def _could_be_utf8(data: bytes) -> bool:
    """Whether these first bytes of a file are UTF-8, or would be if their last character were not cut."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(data) - error.start < 4
    return True


def mended(cell: str) -> str:
    """A cell with U+FFFD for what could not be read, one for each longest invalid part."""
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if _UNDECODED.search(cell) else cell


def records(data: bytes, decode: Decoder, *, is_end: bool, delimiter: str = ",") -> Iterator[tuple[list[str], int]]:
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
    reader = csv.reader(lines, delimiter=delimiter)
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
        if not has_nul and rules.missing_cells == "reject":  # unless all that is read is there: the database knows
            flaw, value = "too_few_fields", str(len(cells))
        cells = [*cells, *repeat("", width - len(cells))]
    whole = JOINER.join(cells)
    needs_care = whole.count(JOINER) != width - 1 or list(map(str.strip, cells, repeat(TRIMMED))) != list(cells)
    if not needs_care and _could_be_notable(whole):
        needs_care = bool(_NOTABLE.search(whole))
    if not whole.isascii() and _UNDECODED.search(whole):
        needs_care = True
        if flaw in (None, "too_few_fields"):
            bad = f"{{{','.join(str(n) for n, cell in enumerate(cells, 1) if _UNDECODED.search(cell))}}}"
            value = f"{value} {bad}" if flaw else bad
        cells = list(map(mended, cells))
        value = None if value is None else mended(value)
    elif value is not None:
        value = mended(value)
    return Staged(needs_care, flaw, value, cells)


def _could_be_notable(whole: str) -> bool:
    """A look that costs next to nothing, before the one that costs."""
    return (
        '="' in whole
        or "=(" in whole
        or "'" in whole
        or "E+" in whole
        or "e+" in whole
        or "#" in whole
        or not whole.isascii()
    )
