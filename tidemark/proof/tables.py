"""The tables that stored views read, with all that rows must obey."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tidemark import db

_TEXT = re.compile(r"'((?:[^']|'')*)'")
_PATTERN = re.compile(r"(?<!!)~ '((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.'])(\d{1,6})(?![\w.'])")


@dataclass(frozen=True)
class Column:
    """``allowed``: the texts that a check or an enum lists, empty when there is no such list.

    ``patterns``: what it must match.
    """

    name: str
    type: str
    category: str
    is_required: bool
    has_default: bool
    is_unique: bool
    length: int | None
    allowed: tuple[str, ...]
    patterns: tuple[str, ...]
    case: str | None  # "upper" or "lower", when a check demands it

    @property
    def must_be_given(self) -> bool:
        return self.is_required and not self.has_default


@dataclass(frozen=True)
class Parent:
    """A foreign key: the columns that a row gives, and all of them, generated ones too."""

    table: str
    columns: tuple[str, ...]
    parent_columns: tuple[str, ...]
    all_columns: tuple[str, ...]
    all_parent_columns: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """``is_source``: stored views follow its changes; others are only referred to."""

    name: str
    schema_name: str
    table_name: str
    is_source: bool
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    parents: tuple[Parent, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def row_key(self) -> list[str]:
        """By what a row is found: the primary key, or everything that has equality."""
        return list(self.key) or [column.name for column in self.columns if column.type not in ("json", "xml")]


@dataclass(frozen=True)
class Subject:
    """What is proved: the stored views with those below them, sources first, and the tables under them all.

    ``kept``: those that are kept inside the transactions of writers.
    """

    views: tuple[str, ...]
    asked: tuple[str, ...]
    tables: tuple[Table, ...]
    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    uses_clock: bool
    kept: tuple[str, ...] = ()


def subject(connection: db.Connection, views: list[str]) -> Subject:
    """What the catalogue says of the given stored views."""
    chain = db.fetch(connection, "proof_chain", views=views)
    names = [row.view_name for row in chain]
    definitions = " ".join(row.text for row in db.fetch(connection, "proof_texts", views=names))
    return Subject(
        views=tuple(names),
        asked=tuple(views),
        tables=tuple(_table(row) for row in db.fetch(connection, "proof_tables", views=names)),
        texts=tuple(sorted({text.replace("''", "'") for text in _TEXT.findall(definitions)})),
        numbers=tuple(sorted({int(text) for text in _NUMBER.findall(definitions)})),
        uses_clock=any(row.clock_use in ("day", "instant") for row in chain),
        kept=tuple(row.view_name for row in chain if row.is_kept),
    )


def _table(row: Any) -> Table:
    return Table(
        name=row.name,
        schema_name=row.schema_name,
        table_name=row.table_name,
        is_source=row.is_source,
        key=tuple(row.key_columns),
        columns=tuple(_column(found) for found in row.columns or ()),
        parents=tuple(
            Parent(
                found["table"],
                *(tuple(found[name]) for name in ("columns", "parent_columns", "all_columns", "all_parent_columns")),
            )
            for found in row.parents
        ),
    )


def _compared(name: str, checks: list[str]) -> list[str]:
    """Texts that checks over several columns compare this one with; one alone would only say what is special."""
    words = r"(?:ANY \(\(?ARRAY\[([^\]]*)\]|('(?:[^']|'')*'))"
    after = re.compile(rf"(?<![\w.\"]){re.escape(name)}(?:\)?::\w+)? = {words}")
    parts = [part for text in checks for found in after.findall(text) for part in found]
    texts = {text.replace("''", "'") for text in _TEXT.findall(" ".join(parts))}
    return sorted(texts) if len(texts) > 1 else []


def _column(found: dict[str, Any]) -> Column:
    checks = [text for text in found["checks"] if "~" not in text]
    labels = list(found["labels"]) or [text.replace("''", "'") for text in _TEXT.findall(" ".join(checks))]
    labels = labels or _compared(str(found["name"]), found["shared_checks"])
    length = found["length"]
    return Column(
        name=str(found["name"]),
        type=str(found["type"]),
        category=str(found["category"]),
        is_required=bool(found["is_required"]),
        has_default=bool(found["has_default"]),
        is_unique=bool(found["is_unique"]),
        length=int(str(length)) if length is not None else None,
        allowed=tuple(dict.fromkeys(labels)),
        patterns=tuple(text.replace("''", "'") for one in found["checks"] for text in _PATTERN.findall(one)),
        case=next((word for word in ("upper", "lower") if any(f"{word}(" in one for one in found["checks"])), None),
    )
