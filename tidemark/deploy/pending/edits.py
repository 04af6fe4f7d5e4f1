"""Tells how a file differs from the text that was applied: not at all, in its wording only, or in its meaning."""

from __future__ import annotations

import difflib
from typing import Literal

from tidemark.deploy.statements import parse
from tidemark.files import SqlFile

Edit = Literal["none", "wording", "meaning"]


def kind(applied: str | None, file: SqlFile) -> Edit:
    """The kind of edit between the applied text and the file. ``applied`` None: it was not kept, so it may be any.

    Wording is comments and white space; ends of lines and white space before them are not even that.
    """
    if applied is None:
        return "meaning"
    old = SqlFile(file.path, file.location, applied)
    if old.fingerprint == file.fingerprint:
        return "none"
    before, after = parse.meaning(old), parse.meaning(file)
    if before is None or before != after:
        return "meaning"
    return "none" if _trimmed(applied) == _trimmed(file.text) else "wording"


def difference(applied: str | None, file: SqlFile) -> list[str]:
    """What was edited, as a unified diff without its head; empty when the applied text was not kept."""
    if applied is None:
        return []
    lines = difflib.unified_diff(applied.splitlines(), file.text.splitlines(), lineterm="", n=1)
    return list(lines)[2:]


def _trimmed(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines
