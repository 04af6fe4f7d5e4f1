"""What goes away or gets another name: DROP, TRUNCATE, RENAME, SET SCHEMA."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.locks_and_work import Effect, Lock, Touch, family, merged
from tidemark.deploy.statements.parse import ast, enums
from tidemark.deploy.statements.relations import Known

RELATIONS = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE", "OBJECT_FOREIGN_TABLE"}
ON_TABLES = {"OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"}
_FULL = Lock.ACCESS_EXCLUSIVE
# Statements whose trees are not called what they do.
_WORDS = {
    "AlterDatabaseSetStmt": "set a parameter of a database",
    "AlterEnumStmt": "change the values of a type",
    "AlterOwnerStmt": "change an owner",
    "AlterRoleSetStmt": "set a parameter of a role",
    "CompositeTypeStmt": "create a type",
    "CreateEnumStmt": "create a type",
    "CreateRangeStmt": "create a type",
    "CreatedbStmt": "create a database",
    "DefineStmt": "create an aggregate, operator or the like",
    "DropdbStmt": "drop a database",
    "GrantRoleStmt": "grant or revoke a role",
    "GrantStmt": "grant or revoke rights",
    "TransactionStmt": "control the transaction",
    "VariableSetStmt": "set a parameter",
}


def drop(node: Any, known: Known) -> Effect:
    kind = enums.ObjectType(node.removeType).name
    word = kind.removeprefix("OBJECT_").replace("_", " ").lower().replace("matview", "materialized view")
    shown = [_shown(item) for item in node.objects]
    words = f"drop {word} {', '.join(shown)}" + (" concurrently" if node.concurrent else "")
    if kind in ON_TABLES:
        tables = [parse.dotted(item[:-1]) for item in node.objects]
        drops = tuple(f"{item[-1].sval} on {table}" for item, table in zip(node.objects, tables, strict=True))
        return Effect(words, merged(Touch(table, _FULL) for table in tables), drops=drops)
    if kind == "OBJECT_INDEX":
        lock = Lock.SHARE_UPDATE_EXCLUSIVE if node.concurrent else _FULL
        dropped = [parse.dotted(item) for item in node.objects]
        above = [known.relations[name].table for name in dropped if name in known.relations]
        touches = [Touch(name, lock) for name in (*dropped, *above) if name]
        return Effect(words, merged(touches), is_concurrent=bool(node.concurrent))
    if kind in RELATIONS:
        effect = _drop_relations(words, [parse.dotted(item) for item in node.objects], kind, known)
        if node.behavior != enums.DropBehavior.DROP_CASCADE:
            return effect
        # their foreign keys to what is dropped go
        others = [Touch(name, _FULL) for table in effect.drops for name in referencing(known, table)]
        lost = f"{effect.lost or ', '.join(effect.drops)} and everything that stands on it"
        return replace(effect, kind=f"{words} cascade", touches=merged([*effect.touches, *others]), lost=lost)
    if kind == "OBJECT_SCHEMA":
        inside = node.behavior == enums.DropBehavior.DROP_CASCADE
        held = [
            name
            for name, here in known.relations.items()
            if inside and name.split(".")[0] in shown and here.kind != "other"
        ]
        return Effect(
            f"{words}{' cascade' if inside else ''}",
            tuple(Touch(name, _FULL) for name in held),
            lost=f"everything in schema {', '.join(shown)}" if inside else None,
            empties=tuple(held),
        )
    if kind == "OBJECT_STATISTIC_EXT":
        tables = [known.described[name] for item in node.objects if (name := parse.dotted(item)) in known.described]
        return Effect(words, merged(Touch(table, Lock.SHARE_UPDATE_EXCLUSIVE) for table in tables))
    if kind == "OBJECT_EXTENSION":
        return Effect(words, unknown="what the extension holds is not looked into")
    return Effect(words)


def _drop_relations(words: str, dropped: list[str], kind: str, known: Known) -> Effect:
    touches = []
    for name in dropped:
        touches += family(known, name, _FULL)
        here = known.relation(name)
        if here:
            touches += [Touch(other, _FULL) for other in here.tied_by.values()]
            touches += [Touch(here.parent, _FULL)] if here.parent else []
    holds_rows = kind in ("OBJECT_TABLE", "OBJECT_MATVIEW")
    lost = f"table {', '.join(dropped)}" if kind == "OBJECT_TABLE" else None
    empties = tuple(dropped) if holds_rows and lost else ()
    return Effect(words, merged(touches), lost=lost, empties=empties, drops=tuple(dropped))


def truncate(node: Any, known: Known) -> Effect:
    tables = [parse.relation_of(item) for item in node.relations]
    if node.behavior == enums.DropBehavior.DROP_CASCADE:
        for table in tables:  # grows while it is read: their referencing tables are emptied too
            tables += [name for name in referencing(known, table) if name not in tables]
    touches = [touch for table in tables for touch in family(known, table, _FULL)]
    return Effect(
        f"truncate {', '.join(tables)}", merged(touches), lost=f"rows of {', '.join(tables)}", empties=tuple(tables)
    )


def referencing(known: Known, table: str) -> list[str]:
    """Tables with a foreign key to this one, as far as they are known."""
    return [name for name, here in known.relations.items() if table in here.tied_by.values()]


def rename(node: Any, known: Known) -> Effect:
    if node.relation is None:
        return Effect(plain_words(node))
    name = parse.relation_of(node.relation)
    if node.renameType == enums.ObjectType.OBJECT_ATTRIBUTE:
        typed = known.typed.get(parse.name_of(node.relation), ())
        return Effect(
            f"rename {name}.{node.subname} to {node.newname}", tuple(Touch(table, _FULL) for table in typed)
        )
    is_index = node.renameType == enums.ObjectType.OBJECT_INDEX
    lock = Lock.SHARE_UPDATE_EXCLUSIVE if is_index else _FULL
    here = known.relation(name)
    touches = [Touch(name, lock)]
    if node.renameType == enums.ObjectType.OBJECT_COLUMN and here:
        touches = family(known, name, lock)
    subject = f"{name}.{node.subname}" if node.subname else name
    renames = None if node.subname else (name, f"{name.split('.')[0]}.{node.newname}")
    return Effect(f"rename {subject} to {node.newname}", tuple(touches), renames=renames)


def set_schema(node: Any, known: Known) -> Effect:
    if node.relation is None:
        return Effect(plain_words(node))
    name = parse.relation_of(node.relation)
    renames = (name, f"{node.newschema}.{name.split('.')[1]}")
    return Effect(f"move {name} to schema {node.newschema}", (Touch(name, _FULL),), renames=renames)


def plain_words(node: Any) -> str:
    """``CreateExtensionStmt``: create extension."""
    known = _WORDS.get(type(node).__name__)
    if known:
        return known
    name = type(node).__name__.removesuffix("Stmt")
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _shown(item: Any) -> str:
    if parse.is_name(item):
        return ".".join(part.sval for part in item)
    if isinstance(item, tuple):  # a cast, by its types
        return " ".join(_shown(part) for part in item)
    return item.sval if isinstance(item, ast.String) else parse.text_of(item)
