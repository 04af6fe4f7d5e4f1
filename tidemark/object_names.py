"""What a new object may be called: whole words, no prefix that repeats its type, no version, not too long."""

from __future__ import annotations

import re

from tidemark.errors import UsageProblem

LONGEST = 63  # bytes of an identifier
_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TYPE_PREFIX = re.compile(r"(tbl|vw|fn|sp|trg|idx|view|table|func|function|trigger)_")
_VERSION = re.compile(r"_v[0-9]+$")


def check_word(name: str, what: str) -> None:
    if not _WORD.fullmatch(name):
        raise UsageProblem(
            f"{name} is no name for {what}",
            hint="Write whole words in ASCII, small letters, joined by single underscores.",
        )
    prefix = _TYPE_PREFIX.match(name)
    if prefix:
        raise UsageProblem(f"{name} repeats its type", hint=f"Leave {prefix[0]} out: the folder says what it is.")
    check_length(name)


def check_length(name: str) -> None:
    if len(name.encode()) > LONGEST:
        raise UsageProblem(
            f"{name} is longer than {LONGEST} bytes", hint="PostgreSQL would cut it; find a shorter one."
        )


def check_version(name: str) -> None:
    if _VERSION.search(name):
        raise UsageProblem(f"{name} carries a version", hint="Only a successor in bi does; change this one instead.")
