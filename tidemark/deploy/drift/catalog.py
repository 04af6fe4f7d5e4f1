"""What the catalogue says: every object with what defines it, and what objects really require."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.files import SqlFile

# Stored beside every record of facts. Raise it when a fact of the same name comes to mean something else.
FACTS_ALGORITHM = 2

# Objects of the whole database, in no schema of anybody's: what the first record found there is as right as what
# files made, and all else is not.
WIDE = {"CAST", "EVENT TRIGGER", "PUBLICATION", "FOREIGN DATA WRAPPER", "SERVER"}


@dataclass(frozen=True)
class Item:
    """One object. ``kind`` is the word that DDL uses for it, ``identity`` its name in full.

    ``parents``: addresses of what takes it along when it is dropped. ``facts``: what defines it, by name; free of
    object numbers. ``is_partition``: it is a partition or belongs to one.
    """

    kind: str
    identity: str
    schema: str
    parents: tuple[str, ...]
    is_partition: bool
    facts: dict[str, Any]

    @property
    def address(self) -> str:
        return f"{self.kind} {self.identity}"

    @property
    def is_wide(self) -> bool:
        """True for an object of the whole database."""
        return self.kind in WIDE or (self.kind == "DEFAULT PRIVILEGES" and not self.schema)


def read(connection: db.Connection) -> dict[str, Item]:
    """Every object of every schema by its address; those of the server, of extensions and of the runner left out."""
    with db.trial(connection):
        db.run(connection, "catalog_session")
        rows = db.fetch(connection, "catalog_facts") + db.fetch(connection, "catalog_rare_facts")
    items = [
        Item(row.kind, row.identity, row.schema_name, tuple(row.parents), row.is_partition, row.facts) for row in rows
    ]
    return {item.address: item for item in items}


def lines(connection: db.Connection) -> list[str]:
    """Every object with everything that defines it, one line each, sorted.

    Object numbers play no part, so two databases that mean the same agree.
    """
    return sorted(as_line(item) for item in read(connection).values())


def as_line(item: Item) -> str:
    """An object in one line."""
    return f"{item.address}: {json.dumps(item.facts, sort_keys=True, ensure_ascii=False)}"


def fingerprint(connection: db.Connection) -> str:
    """SHA-256 over ``lines``."""
    return hashlib.sha256("\n".join(lines(connection)).encode()).hexdigest()


def uncovered(connection: db.Connection, ordered: list[SqlFile]) -> list[tuple[str, str]]:
    """Pairs (path, name): the object of the file uses that view or function, and ``requires:`` does not lead to it.

    The catalogue knows the bodies of views and of SQL-standard functions; it does not look into strings, so PL/pgSQL
    is not covered.
    """
    by_name = {file.name: file for file in ordered}
    by_path = {file.path: file for file in ordered}
    reach: dict[str, set[str]] = {}
    for file in ordered:  # in order, so what a file requires is known before it
        reach[file.name] = {file.name}.union(*(reach[name] for name in file.requires if name in by_name))
    found = []
    for row in db.fetch(connection, "file_dependencies"):
        user, used = by_path.get(row.path), by_path.get(row.used_path)
        if user and used and used.name not in reach[user.name]:
            found.append((user.path, used.name))
    return sorted(set(found))
