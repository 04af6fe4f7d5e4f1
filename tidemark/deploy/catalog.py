"""What the catalogue says: a fingerprint of everything in it, and what objects really require."""

from __future__ import annotations

import hashlib

from tidemark import db
from tidemark.files import SqlFile


def lines(connection: db.Connection) -> list[str]:
    """Every object of our schemas with its definition, owner, rights and comment, one line each, sorted.

    Object numbers and the physical order of columns play no part, so two databases that mean the same agree.
    """
    rows = db.fetch(connection, "catalog_lines")
    return sorted(f"{row.kind} {row.identity}: {row.definition}" for row in rows)


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
