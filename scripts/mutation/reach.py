"""Which objects of the SQL files lead to which: what a change of one can be seen in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tidemark import files, project

_WORD = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
_COMMENT = re.compile(r"--[^\n]*")
TWIN = "_as_of"  # the second name of a stored view


def named_in(text: str) -> set[str]:
    """Every ``schema.name`` of a text outside its comments, twins of stored views under the name of the view."""
    return {word.removesuffix(TWIN) for word in _WORD.findall(_COMMENT.sub("", text))}


def bare(name: str) -> str:
    return name.removesuffix("()")


def readers() -> dict[str, set[str]]:
    """For each object, those whose files name it."""
    found: dict[str, set[str]] = {}
    for file in files.rerunnable(project.shipped()):
        for name in named_in(file.text):
            if name != bare(file.name):
                found.setdefault(name, set()).add(bare(file.name))
    return found


def distances(name: str, known: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """The object itself at 0, what names it at 1, what names that at 2, and so on."""
    found = {bare(name): 0}
    edge = [bare(name)]
    while edge:
        reached = [(one, other) for one in edge for other in sorted(known.get(one, ())) if other not in found]
        edge = []
        for one, other in reached:
            if other not in found:
                found[other] = found[one] + 1
                edge.append(other)
    return found
