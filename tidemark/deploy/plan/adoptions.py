"""Materialized views that files adopt: what the next apply does to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tidemark import db
from tidemark.deploy.plan.risk import bytes_in_words
from tidemark.files import SqlFile

_ADOPT = re.compile(r"SELECT\s+deploy\.adopt\('((?:[^']|'')+)'\)", re.IGNORECASE)


@dataclass(frozen=True)
class Adoption:
    """What the next apply does to one materialized view."""

    view: str
    path: str
    size_bytes: int
    makes_way: list[str]  # what stands on it: leaves and comes back in the same transaction


def in_words(one: Adoption) -> str:
    """What apply does to a materialized view, in one line."""
    way = f"; {', '.join(one.makes_way)} make way and come back" if one.makes_way else ""
    size = bytes_in_words(one.size_bytes)
    return f"adopt       {one.view} ({size}): readers wait while its rows are computed once{way}"


def planned(connection: db.Connection, todo: list[SqlFile]) -> list[Adoption]:
    """The materialized views that files adopt, as far as they are still there."""
    if not db.value(connection, "can_adopt"):
        return []
    found = []
    for file in todo:
        for view in _ADOPT.findall(file.text):
            row = db.fetch(connection, "adoption_of", view=view)[0]
            if row.query is not None:
                found.append(Adoption(view, file.path, row.size_bytes, row.makes_way))
    return found
