"""Which bytes COPY reads as the dialect does, so that they need not be read record by record. Pure functions."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, repeat

LONE_CR = re.compile(rb"\r(?!\n)")
_LF_WITHOUT_CR = re.compile(rb"(?<!\r)\n")
_EDGE_BLANK = re.compile(rb' (?:(?=[,\r\n"])|(?<=[,\n"] ))')
_CAREFUL = re.compile(
    rb"[\t\x0b\x0c\x1f\0]|\xc2\xa0|\xef\xbb\xbf|\xc2\xad|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0\xa6-\xa9]|\xcc[\x80-\xbf]|\xcd[\x80-\xaf]"
)
# Marks of text in front of a cell, and numbers that a spreadsheet spoilt: see dialect._NOTABLE.
_NOTABLE = (
    (b"=", re.compile(rb'=(?<![^,\n"]=)["(]')),
    (b"'", re.compile(rb"'(?<![^,\n\"]')[-0-9=+@]")),
    (b"#", re.compile(rb'#(?<![^,\n"]#)(?:#|[A-Z/0]+[!?A])')),
    (b"E+", re.compile(rb"[0-9]E\+[0-9]")),
    (b"e+", re.compile(rb"[0-9]e\+[0-9]")),
)
_BLANK_LINE = re.compile(rb'\n[,"\t\x0b\x0c \xc2\xa0\xef\xbb\xbf]*(?=\r?\n)')
# An end-of-data mark of COPY before PostgreSQL 18, even inside quotes.
_END_MARK = re.compile(rb"\n\\\.(?=\r?\n)")
# Of the text outside quotes, each quoted part replaced by one NUL: a quoted part that begins inside a cell.
STRAY_QUOTE = re.compile(rb"[^,\n\0]\0")

# Of the text inside quotes, framed by NUL: a line break at the end of a cell.
EDGE_BREAK = re.compile(rb"\0[\r\n]|[\r\n]\0")


def is_regular(data: bytes, outside: bytes) -> bool:
    """What besides quotes and the number of commas COPY or the staging table would take differently."""
    if b"\r" in outside and (LONE_CR.search(outside) or _LF_WITHOUT_CR.search(outside)):
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
    if any(sign in data and pattern.search(framed) for sign, pattern in _NOTABLE):
        return False
    # one byte is looked for many times faster than two
    return not (_BLANK_LINE.search(framed) or (b"\\" in data and _END_MARK.search(framed)))


def suspects_of(data: bytes, lines: list[bytes], width: int) -> list[int]:
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
    for sign, pattern in _NOTABLE:
        if sign in data:
            found.update(bisect_right(ends, match.start() - 1) for match in pattern.finditer(framed))
    if data.startswith(b" "):
        found.add(0)
    return sorted(found)


def _decodes(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
