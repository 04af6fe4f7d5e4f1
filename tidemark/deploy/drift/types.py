"""The statements that put domains and types right, with their constraints and attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tidemark import db
from tidemark.deploy.drift.catalog import Item


def concerns(item: Item) -> bool:
    """True for a domain or type, and for what belongs to one."""
    if item.kind in ("CONSTRAINT", "COLUMN"):
        return item.parents[0].startswith(("DOMAIN ", "TYPE "))
    return item.kind in ("DOMAIN", "TYPE")


def make(connection: db.Connection, item: Item) -> str | None:
    """The statement that makes a missing object again; None when the facts do not say how."""
    facts = item.facts
    if item.kind == "CONSTRAINT":
        return f"ALTER {item.parents[0]} ADD CONSTRAINT {_part(item)} {facts['definition']};"
    if item.kind == "COLUMN":
        return f"ALTER {item.parents[0]} ADD ATTRIBUTE {_part(item)} {facts['type']};"
    if item.kind == "DOMAIN":
        default = f" DEFAULT {facts['default']}" if facts["default"] is not None else ""
        required = " NOT NULL" if facts["not null"] else ""
        return f"CREATE DOMAIN {item.identity} AS {facts['base type']}{default}{required};"
    if facts["values"]:
        values = ", ".join(db.literal(connection, value) for value in facts["values"])
        return f"CREATE TYPE {item.identity} AS ENUM ({values});"
    return f"{facts['creation']};" if facts.get("creation") else None


def drop(item: Item) -> str:
    """The statement that takes away what is in no file."""
    if item.kind == "CONSTRAINT":
        return f"ALTER {item.parents[0]} DROP CONSTRAINT {_part(item)};"
    if item.kind == "COLUMN":
        return f"ALTER {item.parents[0]} DROP ATTRIBUTE {_part(item)};"
    return f"DROP {item.kind} {item.identity};"


def correct(connection: db.Connection, item: Item, fact: str, old: Any, new: Any) -> Iterator[str]:
    """The statements that make one fact what it was; none when there is no way but by hand."""
    if item.kind == "CONSTRAINT" and fact == "is validated" and old:
        yield f"ALTER {item.parents[0]} VALIDATE CONSTRAINT {_part(item)};"
    elif item.kind == "CONSTRAINT":
        yield f"{drop(item)} {make(connection, item)}"
    elif item.kind == "COLUMN" and fact == "type":
        yield f"ALTER {item.parents[0]} ALTER ATTRIBUTE {_part(item)} TYPE {old};"
    elif item.kind == "DOMAIN" and fact == "not null":
        yield f"ALTER DOMAIN {item.identity} {'SET' if old else 'DROP'} NOT NULL;"
    elif item.kind == "DOMAIN" and fact == "default":
        yield f"ALTER DOMAIN {item.identity} {'DROP DEFAULT' if old is None else f'SET DEFAULT {old}'};"
    elif fact == "values" and len(old or ()) == len(new or ()):
        pairs = [(before, after) for before, after in zip(old, new, strict=True) if before != after]
        if not {before for before, _ in pairs} & set(new):  # renamed, and not put into another order
            for before, after in pairs:
                names = (db.literal(connection, after), db.literal(connection, before))
                yield f"ALTER TYPE {item.identity} RENAME VALUE {names[0]} TO {names[1]};"


def _part(item: Item) -> str:
    """The name of a constraint or attribute by itself."""
    if item.kind == "CONSTRAINT":
        return item.identity.rsplit(" on ", 1)[0]
    return item.identity.removeprefix(f"{item.parents[0].split(' ', 1)[1]}.")
