"""How the records of a file are laid out: what separates its cells, where its header is; or that it is no CSV at all.

A file whose header fits with commas is read with commas, whatever else is in it. Only what is certain is read
otherwise; the rest is refused by the database as ever, with a sentence on what was seen here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tidemark.load.dialect import MAX_COLUMNS, Decoder, FileFailure, Rules, mended, records, staged

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# Whether a header is one of a kind of file that can be loaded; None: its domain reads the header itself.
Fits = Callable[[list[str]], "bool | None"]

FRONT_BYTES = 64 * 1024
# A header further down is not looked for.
TITLES = 20

_SEPARATOR = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=([^\r\n"])"?[,;\t ]*(?:\r\n|\r|\n)', re.IGNORECASE)
_MARKUP = re.compile(rb"<(!doctype|!--|html|head|body|table|meta|\?xml|[a-z]+:?[a-z]* xmlns)", re.IGNORECASE)
_JSON = re.compile(rb'[\[{]\s*["\[{\]}]')
_BINARY = {
    b"PK\x03\x04": "a zip archive (an Excel workbook?)",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office file (an Excel workbook?)",
    b"%PDF-": "a PDF",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstandard archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"PAR1": "a Parquet file",
    b"SQLite format 3\x00": "a SQLite database",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a gzip file in another one",
    b"{\\rtf": "a text document (RTF)",
}


@dataclass(frozen=True)
class Layout:
    """``skipped``: bytes in front of the header. ``seen``: a sentence for whoever must mend the file."""

    delimiter: str = ","
    skipped: int = 0
    seen: str | None = None


def settle(front: bytes, decode: Decoder, rules: Rules, fits: Fits, *, is_all: bool) -> Layout:
    """``front``: the first bytes of the file behind its byte order mark; ``is_all``: there are no more.

    Errors: FileFailure for what is no CSV.
    """
    for magic, what in _BINARY.items():
        if front.startswith(magic):
            raise FileFailure("not_csv", f"This is {what}, not CSV. Save it as CSV (UTF-8) and load that.")
    marked = _SEPARATOR.match(front)
    skipped = marked.end() if marked else 0
    if rules.delimiter or (marked and marked[1].isascii()):
        return Layout(rules.delimiter or (marked[1].decode() if marked else ","), skipped)
    heads = {mark: _first(front[skipped:], decode, rules, mark, is_all=is_all) for mark in DELIMITERS}
    if not heads[","] or len(heads[","][0][1]) > MAX_COLUMNS:
        return Layout(",", skipped)
    verdict = fits(heads[","][0][1])
    if verdict:
        return Layout(",", skipped)
    several = [mark for mark in DELIMITERS if mark != "," and heads[mark] and len(heads[mark][0][1]) > 1]
    if verdict is None:
        likely = several if len(heads[","][0][1]) == 1 else []
    else:
        likely = [mark for mark in several if fits(heads[mark][0][1])]
    if len(likely) == 1:
        return Layout(likely[0], skipped)
    _refuse_markup(front)
    return Layout(",", skipped, _seen(heads, several, fits))


def _first(
    data: bytes, decode: Decoder, rules: Rules, delimiter: str, *, is_all: bool
) -> list[tuple[int, list[str]]]:
    """The first records that exist, each with the number of its line."""
    found: list[tuple[int, list[str]]] = []
    start = 0
    try:
        for cells, end in records(data, decode, is_end=is_all, delimiter=delimiter):
            if staged(cells, len(cells), rules) is not None:
                line = 1 + data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
                found.append((line, [mended(cell).replace("\0", "") for cell in cells]))
            start = end
            if len(found) > TITLES:
                break
    except FileFailure:
        pass  # said again when the file is read
    return found


def _refuse_markup(front: bytes) -> None:
    start = front.lstrip()
    what = "HTML or XML" if _MARKUP.match(start) else "JSON" if _JSON.match(start) else None
    if what:
        raise FileFailure("not_csv", f"This is {what}, not CSV. Export the data as CSV (UTF-8) and load that.")


def _seen(heads: dict[str, list[tuple[int, list[str]]]], several: list[str], fits: Fits) -> str | None:
    for mark, found in heads.items():
        for line, cells in found[1:]:
            if len(cells) > 1 and fits(cells):
                by = "" if mark == "," else f", separated by {DELIMITERS[mark]}"
                return f"Line {line} looks like the header{by}: take away the lines above it."
    if len(heads[","][0][1]) == 1 and fits(heads[","][0][1][0].split(",")):
        return "Each line stands in quotes as a whole: take them away."
    if len(heads[","][0][1]) == 1 and several:
        mark = max(several, key=lambda one: len(heads[one][0][1]))
        return f"The header looks separated by {DELIMITERS[mark]}."
    return None
