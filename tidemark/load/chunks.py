"""Cuts a file into chunks for COPY: as they are where the bytes are plain, rewritten record by record elsewhere.

Both ways give the same rows. A chunk is plain when COPY reads it as the dialect does: every line has the right number
of cells, quotes stand only around whole cells, no cell has white space at its ends, and so on.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate, repeat
from typing import NamedTuple

from tidemark.load.dialect import MAX_COLUMNS, Decoder, FileFailure, Rules, records, staged
from tidemark.load.forms import as_csv, as_text

CHUNK_BYTES = 1 << 20
BOM = b"\xef\xbb\xbf"

_LONE_CR = re.compile(rb"\r(?!\n)")
_LF_WITHOUT_CR = re.compile(rb"(?<!\r)\n")
_EDGE_BLANK = re.compile(rb' (?:(?=[,\r\n"])|(?<=[,\n"] ))')
_CAREFUL = re.compile(rb"[\t\x0b\x0c\x1f\0]|\xc2\xa0|\xef\xbb\xbf")
_BLANK_LINE = re.compile(rb'\n[,"\t\x0b\x0c \xc2\xa0\xef\xbb\xbf]*(?=\r?\n)')
# An end-of-data mark of COPY before PostgreSQL 18, even inside quotes.
_END_MARK = re.compile(rb"\n\\\.(?=\r?\n)")
# Of the text outside quotes, each quoted part replaced by one NUL: a quoted part that begins inside a cell.
_STRAY_QUOTE = re.compile(rb"[^,\n\0]\0")

# Of the text inside quotes, framed by NUL: a line break at the end of a cell.
_EDGE_BREAK = re.compile(rb"\0[\r\n]|[\r\n]\0")


class Chunk(NamedTuple):
    """Records for one COPY. ``form``: plain (the bytes of the file), csv or text, both with numbers and flaws."""

    form: str
    data: bytes
    row_count: int
    source: bytes  # the bytes of the file that it stands for


class Splitter:
    """Reads a file from ``read`` (size to bytes, empty at the end) and knows how far it is.

    ``position``: bytes of the file behind the chunks given out; ``digest``: SHA-256 of exactly these.
    """

    def __init__(self, read: Callable[[int], bytes], rules: Rules) -> None:
        self.rules = rules
        self.position = 0
        self.row_count = 0
        self.header: list[str] | None = None
        self._read = read
        self._hash = hashlib.sha256()
        self._buffer = b""
        self._is_end = False
        self._decode = Decoder(rules, b"")

    @property
    def digest(self) -> bytes:
        return self._hash.digest()

    def skip(self, size: int, row_count: int, header: list[str]) -> None:
        """Passes over what an earlier run staged; compare ``digest`` afterwards."""
        self._fill(4096)
        self._decode = Decoder(self.rules, self._buffer.removeprefix(BOM))
        while self.position < size and (self._buffer or self._fill(CHUNK_BYTES)):
            self._take(min(len(self._buffer), size - self.position))
        self.row_count = row_count
        self.header = header

    def is_at_end(self) -> bool:
        """Whether nothing of the file is left."""
        return not self._fill(1)

    def read_header(self) -> list[str] | None:
        """The first record that exists, as it stands; None for a file without any.

        Errors: FileFailure.
        """
        self._fill(4096)
        if self._buffer.startswith(BOM):
            self._take(len(BOM))
        self._decode = Decoder(self.rules, self._buffer)
        while self._buffer or not self._is_end:
            end = 0
            for cells, end in records(self._buffer, self._decode, is_end=self._is_end):
                if len(cells) > MAX_COLUMNS:
                    raise FileFailure(
                        "too_many_columns",
                        f"The header has {len(cells):,} columns; at most {MAX_COLUMNS:,} can be loaded.",
                    )
                if staged(cells, len(cells), self.rules) is not None:
                    self._take(end)
                    self.header = [cell.replace("\0", "") for cell in cells]
                    return self.header
            self._take(end)
            if self._is_end:
                break
            self._grow()
        return None

    def chunks(self) -> Iterator[Chunk]:
        """The records behind the header.

        Errors: FileFailure.
        """
        width = len(self.header or ())
        while True:
            self._fill(CHUNK_BYTES)
            if not self._buffer:
                return
            chunk = self._plain(width) or self._mixed(width) or self._rewritten(width)
            if chunk is None:
                if self._is_end:
                    self._take(len(self._buffer))
                    return
                self._grow()
                continue
            self._take(len(chunk.source))
            self.row_count += chunk.row_count
            if chunk.row_count:
                yield chunk

    def rewritten(self, chunk: Chunk, first: int) -> Chunk:
        """The records of a chunk, the first of which has that number, in the form that cannot be misunderstood."""
        width = len(self.header or ())
        found = records(chunk.source, self._decode, is_end=True)
        rows = [row for cells, _ in found if (row := staged(cells, width, self.rules)) is not None]
        return Chunk("text", as_text(rows, first), len(rows), chunk.source)

    # --- the buffer: bytes read and not given out yet, always beginning with a record -------------------------

    def _fill(self, size: int) -> bool:
        while len(self._buffer) < size and not self._is_end:
            more = self._read(max(size - len(self._buffer), 1))
            self._is_end = not more
            self._buffer += more
        return bool(self._buffer)

    def _grow(self) -> None:
        """More data for a record that has not ended; its size is capped."""
        if len(self._buffer) > self.rules.max_record_bytes:
            raise FileFailure(
                "record_too_large",
                f"A record is larger than {self.rules.max_record_bytes:,} bytes.",
                f"It begins at byte {self.position + 1:,} of the file, behind record {self.row_count:,}.",
            )
        # Doubling keeps the work of reading one long record again and again linear.
        self._fill(min(2 * len(self._buffer), self.rules.max_record_bytes) + CHUNK_BYTES)

    def _take(self, size: int) -> None:
        self._hash.update(memoryview(self._buffer)[:size])
        self._buffer = self._buffer[size:]
        self.position += size

    # --- three ways to make a chunk -------------------------------------------------------------------------

    def _plain(self, width: int) -> Chunk | None:
        """The longest run of whole lines in the buffer as it is, if COPY reads it right."""
        if self._decode.codec != "utf-8":
            return None
        data = self._buffer
        end = data.rfind(b"\n") + 1
        if data.count(b'"', 0, end) % 2:
            # The last line end is inside quotes, unless quotes are irregular: try before the quote that opened.
            end = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
            if data.count(b'"', 0, end) % 2:
                return None
        if not end:
            return None
        data = data[:end]
        outside = data
        if b'"' in data:
            parts = data.split(b'"')
            outside = b"\0".join(parts[::2])
            if _STRAY_QUOTE.search(outside) or _EDGE_BREAK.search(b"\0".join([b"", *parts[1::2], b""])):
                return None
        row_count = outside.count(b"\n")
        if outside.count(b",") != row_count * (width - 1) or not _is_regular(data, outside):
            return None
        return Chunk("plain", data, row_count, data)

    def _mixed(self, width: int) -> Chunk | None:
        """Whole lines: plain ones as they are, suspect ones rewritten; None where most lines are suspect."""
        if self._decode.codec != "utf-8" or self._decode.errors != "replace" or self.rules.skipped_records != "blank":
            return None
        end = self._buffer.rfind(b"\n") + 1
        data = self._buffer[:end]
        if not data or (b"\\" in data and b"\\." in data) or (b"\r" in data and _LONE_CR.search(data)):
            return None
        lines = data.split(b"\n")
        lines.pop()
        suspects = _suspects(data, lines, width)
        if len(suspects) > len(lines) * 0.3:
            return None
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        has_cr = b"\r" in data
        out: list[bytes] = []
        number = self.row_count + 1
        done = 0  # lines
        for suspect in [*suspects, len(lines)]:
            if suspect < done:
                continue
            run = lines[done:suspect]
            if has_cr:
                run = [line.removesuffix(b"\r") for line in run]
            out += [b"%d,f,,,%b\n" % pair for pair in enumerate(run, number)]
            number += len(run)
            done = suspect
            if suspect == len(lines):
                break
            found = next(records(lines[suspect] + b"\n", self._decode, is_end=False), None) or next(
                records(data[starts[suspect] :], self._decode, is_end=False), None
            )
            if found is None:  # the record goes on behind the buffer: it is the first of the next chunk
                break
            cells, size = found
            done = bisect_right(starts, starts[suspect] + size) - 1
            row = staged(cells, width, self.rules)
            if row is not None:
                out.append(as_csv(row, number))
                number += 1
        if done == 0:
            return None
        return Chunk("csv", b"".join(out), number - self.row_count - 1, data[: starts[done]])

    def _rewritten(self, width: int) -> Chunk | None:
        """All complete records of the buffer, read one by one; None when there is none."""
        rows = []
        end = 0
        for cells, end in records(self._buffer, self._decode, is_end=self._is_end):  # noqa: B007 (the last one counts)
            row = staged(cells, width, self.rules)
            if row is not None:
                rows.append(row)
        if not end:
            return None
        return Chunk("text", as_text(rows, self.row_count + 1), len(rows), self._buffer[:end])


def _is_regular(data: bytes, outside: bytes) -> bool:
    """What besides quotes and the number of commas COPY or the staging table would take differently."""
    if b"\r" in outside and (_LONE_CR.search(outside) or _LF_WITHOUT_CR.search(outside)):
        return False
    if data.startswith(b" ") or _EDGE_BLANK.search(data):
        return False
    if not data.isascii() or any(byte in data for byte in (b"\t", b"\0", b"\x0b", b"\x0c", b"\x1f")):
        if _CAREFUL.search(data):
            return False
        try:
            data.decode()
        except UnicodeDecodeError:
            return False
    framed = b"\n" + data
    # one byte is looked for many times faster than two
    return not (_BLANK_LINE.search(framed) or (b"\\" in data and _END_MARK.search(framed)))


def _suspects(data: bytes, lines: list[bytes], width: int) -> list[int]:
    """Numbers of the lines that must be read by the dialect: whatever is not plainly a record of its own."""
    commas = width - 1
    found = {number for number, count in enumerate(map(bytes.count, lines, repeat(b","))) if count != commas}
    if b'"' in data:
        found.update(number for number, line in enumerate(lines) if b'"' in line)
    try:
        data.decode()
    except UnicodeDecodeError:
        found.update(number for number, line in enumerate(lines) if not _decodes(line))
    ends = [*accumulate(len(line) + 1 for line in lines)]
    framed = b"\n" + data
    for pattern in (_EDGE_BLANK, _CAREFUL):
        found.update(bisect_right(ends, match.start()) for match in pattern.finditer(data))
    found.update(bisect_right(ends, match.start()) for match in _BLANK_LINE.finditer(framed))
    if data.startswith(b" "):
        found.add(0)
    return sorted(found)


def _decodes(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
