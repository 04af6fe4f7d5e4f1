"""The statements that put a table's parts right: facts of columns, settings, and the marks of its indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.deploy.drift.catalog import Item
from tidemark.deploy.drift.comparison import Difference
from tidemark.deploy.drift.same_meaning import relation_of

_REPLICA = {"d": "DEFAULT", "f": "FULL", "n": "NOTHING"}


@dataclass(frozen=True)
class Marks:
    """What one index of a table can be, as it should be, by table: the clustered one, the replica identity."""

    clustered: dict[str, str]  # ON index
    replica: dict[str, str]  # USING INDEX index, or a word


def marks_of(connection: db.Connection, differences: list[Difference]) -> Marks:
    marks = Marks({}, {})
    for one in differences:
        item = one.item
        # of a missing object all is expected, of an extra one nothing
        wanted = item.facts if one.kind == "missing" else {name: old for name, (old, _) in one.facts.items()}
        if item.kind == "INDEX" and wanted.get("is clustered"):
            marks.clustered[relation_of(item)] = f"ON {bare_name(connection, item)}"
        if item.kind == "INDEX" and wanted.get("is replica identity"):
            marks.replica[relation_of(item)] = f"USING INDEX {bare_name(connection, item)}"
        if item.kind == "TABLE" and one.kind == "differs" and wanted.get("replica identity") in _REPLICA:
            marks.replica[item.identity] = _REPLICA[wanted["replica identity"]]
    return marks


def bare_name(connection: db.Connection, item: Item) -> str:
    """Its name without the schema, as ALTER TABLE takes indexes."""
    return item.identity.removeprefix(f"{db.identifier(connection, item.schema)}.")


def cluster(relation: str, marks: Marks) -> str:
    """The statement that marks the index that should be clustered, or none."""
    if relation in marks.clustered:
        return f"ALTER TABLE {relation} CLUSTER {marks.clustered[relation]};"
    return f"ALTER TABLE {relation} SET WITHOUT CLUSTER;"


def correct_column(item: Item, name: str, old: Any, new: Any) -> str | None:
    """The statement that makes one fact of a column what it was; None when there is none."""
    relation = relation_of(item)
    column = item.identity.removeprefix(f"{relation}.")
    head = f"ALTER TABLE {relation} ALTER COLUMN {column}"
    if name == "default":
        return f"{head} DROP DEFAULT;" if old is None else f"{head} SET DEFAULT {old};"
    if name == "not null":
        return f"{head} {'SET' if old else 'DROP'} NOT NULL;"
    if name == "type":
        return f"{head} TYPE {old};"
    if name == "statistics target":
        return f"{head} SET STATISTICS {-1 if old is None else old};"
    if name == "compression":
        words = {"p": "pglz", "l": "lz4", "": "default"}
        return f"{head} SET COMPRESSION {words[old]};"
    if name == "settings":
        return " ".join(settings(head, old, new))
    if name == "storage":
        words = {"p": "PLAIN", "e": "EXTERNAL", "x": "EXTENDED", "m": "MAIN"}
        return f"{head} SET STORAGE {words[old]};"
    return None


def settings(head: str, old: Any, new: Any) -> Iterator[str]:
    """Storage parameters and the like."""
    names = {setting.split("=")[0] for setting in new or ()} - {setting.split("=")[0] for setting in old or ()}
    if names:
        yield f"{head} RESET ({', '.join(sorted(names))});"
    if changed := [setting for setting in old or () if setting not in (new or ())]:
        yield f"{head} SET ({', '.join(changed)});"
