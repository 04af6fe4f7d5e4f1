"""What has to be known about a database to tell what a statement does there. Plain values, filled by ``facts``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Types whose length or precision can grow without touching a row: PostgreSQL's own support functions say so.
_WIDENED = {"character varying", "bit varying"}
_TIMES = {
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
}
_MOMENTS = {"timestamp without time zone", "timestamp with time zone"}
_FINEST = 6  # digits after the second


@dataclass(frozen=True)
class Column:
    """One column. ``type`` without length, as ``format_type`` writes it; ``modifiers``: its length or precision.

    ``never_null``: a valid CHECK proves it. ``is_checked``: a CHECK reads it. ``is_indexed``: an index holds it.
    ``is_generated``: its values come from others, so none can be lost.
    """

    type: str
    modifiers: tuple[int, ...] = ()
    is_required: bool = False
    never_null: bool = False
    is_checked: bool = False
    is_indexed: bool = False
    is_generated: bool = False


@dataclass(frozen=True)
class Relation:
    """One relation that exists. ``kind`` is a word; sizes in bytes, indexes and TOAST included; ``rows`` estimated.

    ``table``: of an index. ``parts``: partitions and inheriting tables at any depth. ``tied_by``: constraint to the
    other table of each foreign key. ``default_partition``: of a partitioned table.
    """

    name: str
    kind: str = "table"
    oid: int = 0
    size_bytes: int = 0
    rows: int = 0
    persistence: str = "p"
    table: str | None = None
    parent: str | None = None
    default_partition: str | None = None
    parts: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    tied_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A relation that an earlier statement makes, in as far as others are refused because of it."""

    kind: str
    types: frozenset[str]  # of its columns, as written


@dataclass(frozen=True)
class Known:
    """The relations by name, and what is known of types and functions. Where nothing is known, the worst holds."""

    relations: Mapping[str, Relation] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)  # as written: as format_type writes it, without length
    binary: frozenset[tuple[str, str]] = frozenset()  # casts that leave the bytes alone
    plain_domains: Mapping[str, str] = field(default_factory=dict)  # without constraints: their base type
    checked_domains: frozenset[str] = frozenset()
    volatile: frozenset[str] = frozenset({"random", "gen_random_uuid", "clock_timestamp", "nextval", "timeofday"})
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by type as written: tables that store it
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by type as written: of an enum
    published: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by publication: tables that it names
    described: Mapping[str, str] = field(default_factory=dict)  # by statistics object: its table
    contained: Mapping[str, str] = field(default_factory=dict)  # by type: a column of an array or row type over it
    made: Mapping[str, Made] = field(default_factory=dict)
    server_version: int = 0

    def relation(self, name: str) -> Relation | None:
        return self.relations.get(name)

    def column(self, relation: str, name: str) -> Column | None:
        found = self.relations.get(relation)
        return found.columns.get(name) if found else None

    def is_generated(self, relation: str, name: str) -> bool:
        found = self.column(relation, name)
        return found is not None and found.is_generated

    def type(self, written: str) -> str:
        return self.types.get(written, written)


def keeps_bytes(known: Known, old: Column, new_type: str, new_modifiers: tuple[int, ...]) -> bool:
    """True when a column can become another type without a new copy of its table.

    Source: PostgreSQL, tablecmds.c, ATColumnChangeRequiresRewrite; the session's time zone is UTC.
    """
    if new_type in known.checked_domains:
        return False
    new_type = known.plain_domains.get(new_type, new_type)
    if old.type == new_type:
        return _grows(old.type, old.modifiers, new_modifiers)
    if {old.type, new_type} == _MOMENTS:
        return _grows(new_type, old.modifiers, new_modifiers)
    return not new_modifiers and (old.type, new_type) in known.binary


def keeps_indexes(old: Column, new_type: str) -> bool:
    """True when an index on the column stays as it is, given that the bytes do."""
    text = {"text", "character varying"}
    return not old.is_indexed or old.type == new_type or {old.type, new_type} == text


def _grows(name: str, old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if old == new:
        return True
    if name in _TIMES:
        before, after = (given[0] if given else _FINEST for given in (old, new))
        return after >= before
    if name in _WIDENED or name == "numeric":
        if not new:
            return True
        same_scale = old[1:] == new[1:]
        return bool(old) and same_scale and new[0] >= old[0]
    return name == "interval" and not new
