"""Cuts a file into chunks for COPY: as they are where the bytes are plain, rewritten record by record elsewhere.

Both ways give the same rows. A chunk is plain when COPY reads it as the dialect does: every line has the right number
of cells, quotes stand only around whole cells, no cell has white space at its ends, and so on.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from tidemark.load.dialect import MAX_COLUMNS, Decoder, FileFailure, Rules, mended, records, staged
from tidemark.load.encoding import Transcoder
from tidemark.load.forms import as_csv, as_text
from tidemark.load.guess import advice
from tidemark.load.layout import FRONT_BYTES, Fits, settle
from tidemark.load.plain import EDGE_BREAK, LONE_CR, STRAY_QUOTE, is_regular, suspects_of

CHUNK_BYTES = 1 << 20
BOM = b"\xef\xbb\xbf"


class Chunk(NamedTuple):
    """Records for one COPY. ``form``: plain (the bytes of the file), csv or text, both with numbers and flaws."""

    form: str
    data: bytes
    row_count: int
    source: bytes  # the bytes of the file that it stands for


class Splitter:
    """Reads a file from ``read`` (size to bytes, empty at the end) and knows how far it is.

    ``position``: bytes of the file, as UTF-8, behind the chunks given out; ``digest``: SHA-256 of exactly these.
    """

    def __init__(self, read: Callable[[int], bytes], rules: Rules) -> None:
        self.rules = rules
        self.position = 0
        self.row_count = 0
        self.header: list[str] | None = None
        self.delimiter = ","
        self._source = Transcoder(read, rules.given_encoding)
        self._read = self._source.read
        self._seen: str | None = None
        self._hash = hashlib.sha256()
        self._buffer = b""
        self._is_end = False
        self._decode = Decoder(rules, b"")

    @property
    def digest(self) -> bytes:
        return self._hash.digest()

    def skip(self, size: int, row_count: int, header: list[str], delimiter: str = ",") -> None:
        """Passes over what an earlier run staged; compare ``digest`` afterwards."""
        self.delimiter = delimiter
        self._fill(4096)
        self._decode = Decoder(self.rules, self._buffer.removeprefix(BOM))
        while self.position < size and (self._buffer or self._fill(CHUNK_BYTES)):
            self._take(min(len(self._buffer), size - self.position))
        self.row_count = row_count
        self.header = header

    def is_at_end(self) -> bool:
        """Whether nothing of the file is left."""
        return not self._fill(1)

    def settle(self, fits: Fits) -> None:
        """Finds out how the records are laid out, before the header is read.

        Errors: FileFailure for what is no CSV.
        """
        self._fill(FRONT_BYTES)
        if self._buffer.startswith(BOM):
            self._take(len(BOM))
        decode = Decoder(self.rules, self._buffer)
        decode.errors = "surrogateescape"
        is_all = self._is_end and len(self._buffer) <= FRONT_BYTES
        found = settle(self._buffer[:FRONT_BYTES], decode, self.rules, fits, is_all=is_all)
        self._take(found.skipped)
        self.delimiter = found.delimiter
        self._seen = found.seen

    def reading(self) -> dict[str, str]:
        """How the file is read, and what was seen in it so far; empty for plain CSV."""
        told: dict[str, str] = {}
        if self._source.codec != "utf-8" or self._decode.codec != "utf-8":
            told["encoding"] = self._source.codec if self._source.codec != "utf-8" else self._decode.codec
        if self.delimiter != ",":
            told["delimiter"] = self.delimiter
        seen = [self._seen] if self._seen else []
        if self._source.is_doubtful():
            seen.append(f"All of it is UTF-8 as well: is it {self._source.codec} indeed?")
        if self._decode.sample:
            seen.append(self.undecoded())
            told["undecoded"] = self.undecoded()
        if seen:
            told["seen"] = " ".join(seen)
        return told

    def undecoded(self) -> str:
        """What to say of bytes that could not be read."""
        if self._source.codec != "utf-8":
            return f"There are bytes that mean nothing in {self._source.codec}."
        if self._decode.has_utf8:
            return "Some lines are UTF-8 and some are not: the file was put together from several."
        return f"There are bytes that are not UTF-8; {advice(self._decode.sample)}."

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
            for cells, end in self._records(self._buffer):
                if len(cells) > MAX_COLUMNS:
                    raise FileFailure(
                        "too_many_columns",
                        f"The header has {len(cells):,} columns; at most {MAX_COLUMNS:,} can be loaded.",
                    )
                if staged(cells, len(cells), self.rules) is not None:
                    self._take(end)
                    self.header = [mended(cell).replace("\0", "") for cell in cells]
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
        found = records(chunk.source, self._decode, is_end=True, delimiter=self.delimiter)
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

    def _records(self, data: bytes) -> Iterator[tuple[list[str], int]]:
        return records(data, self._decode, is_end=self._is_end, delimiter=self.delimiter)

    def _take(self, size: int) -> None:
        self._hash.update(memoryview(self._buffer)[:size])
        self._buffer = self._buffer[size:]
        self.position += size

    # --- three ways to make a chunk -------------------------------------------------------------------------

    def _plain(self, width: int) -> Chunk | None:
        """The longest run of whole lines in the buffer as it is, if COPY reads it right."""
        if self._decode.codec != "utf-8" or self.delimiter != ",":
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
            if STRAY_QUOTE.search(outside) or EDGE_BREAK.search(b"\0".join([b"", *parts[1::2], b""])):
                return None
        row_count = outside.count(b"\n")
        if outside.count(b",") != row_count * (width - 1) or not is_regular(data, outside):
            return None
        self._decode.has_utf8 = self._decode.has_utf8 or not data.isascii()
        return Chunk("plain", data, row_count, data)

    def _mixed(self, width: int) -> Chunk | None:
        """Whole lines: plain ones as they are, suspect ones rewritten; None where most lines are suspect."""
        if self._decode.codec != "utf-8" or self._decode.errors == "strict" or self.rules.skipped_records != "blank":
            return None
        if self.delimiter != ",":
            return None
        end = self._buffer.rfind(b"\n") + 1
        data = self._buffer[:end]
        if not data or (b"\\" in data and b"\\." in data) or (b"\r" in data and LONE_CR.search(data)):
            return None
        lines = data.split(b"\n")
        lines.pop()
        suspects = suspects_of(data, lines, width)
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
            self._decode.has_utf8 = self._decode.has_utf8 or not b"".join(run).isascii()
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
        for cells, end in self._records(self._buffer):  # noqa: B007 (the last one counts)
            row = staged(cells, width, self.rules)
            if row is not None:
                rows.append(row)
        if not end:
            return None
        return Chunk("text", as_text(rows, self.row_count + 1), len(rows), self._buffer[:end])
