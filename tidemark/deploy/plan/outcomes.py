"""What an apply would do with each function and view: make it, replace it, or drop and make it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from tidemark import db
from tidemark.deploy.apply import functions_and_views
from tidemark.deploy.apply.replace import Address, Replacer
from tidemark.deploy.lint import rules
from tidemark.deploy.statements import account, parse
from tidemark.deploy.statements.parse import ast
from tidemark.files import SqlFile

Action = Literal["create", "replace", "drop and create", "drop"]


@dataclass(frozen=True)
class Outcome:
    """One file. ``reason``: why it runs, or why replacing is not enough, as far as that can be told beforehand."""

    path: str
    action: Action
    reason: str
    is_changed: bool


def outcomes(
    connection: db.Connection, todo: functions_and_views.Plan, making_way_for: Iterable[SqlFile] = ()
) -> list[Outcome]:
    """What becomes of every file of a plan, in order. A type that changes inside a view is seen only when it runs.

    ``making_way_for``: migrations that change what views or functions use, so that these go first and come back.
    """
    replacer = Replacer(connection, todo.ordered) if db.value(connection, "has_bookkeeping") else None
    anew: dict[str, str] = {}
    if replacer:
        for file in todo.to_run:
            reason = _why_anew(connection, replacer, file) if file.path in todo.changed else None
            if reason:
                anew[file.path] = reason
                for path in replacer.standing_on(file.path):
                    anew.setdefault(path, f"stands on {file.name}")
        for migration in making_way_for:
            for path in replacer.above(_changed_by(connection, migration)):
                anew.setdefault(path, f"makes way for {migration.path}")
    changed = set(todo.changed)
    names = {file.name for file in todo.ordered if file.path in changed}
    found = [
        _outcome(file, changed, names, anew, is_known=bool(replacer and replacer.held(file.path)))
        for file in todo.ordered
        if file in todo.to_run or file.path in anew
    ]
    gone = [Outcome(path, "drop", "its file is gone", is_changed=True) for path in todo.vanished]
    return found + gone


def _outcome(file: SqlFile, changed: set[str], names: set[str], anew: dict[str, str], *, is_known: bool) -> Outcome:
    is_changed = file.path in changed
    if not is_known:
        return Outcome(file.path, "create", "not in the database", is_changed)
    if file.path in anew:
        return Outcome(file.path, "drop and create", anew[file.path], is_changed)
    if is_changed:
        return Outcome(file.path, "replace", "changed", is_changed)
    required = sorted(names.intersection(file.requires))
    reason = f"requires {', '.join(required)}" if required else "requires what is run again"
    return Outcome(file.path, "replace", reason, is_changed)


def _changed_by(connection: db.Connection, migration: SqlFile) -> list[Address]:
    return [
        Address(row.classid, row.objid)
        for kind, name in account.changed(parse.statements(migration))
        for row in db.fetch(connection, f"address_of_{kind}", name=name)
    ]


def _why_anew(connection: db.Connection, replacer: Replacer, file: SqlFile) -> str | None:
    """Why CREATE OR REPLACE will be refused, if the texts tell."""
    held = {item.kind: item.identity for item in replacer.held(file.path)}
    for statement in parse.statements(file):
        node = statement.node
        if isinstance(node, ast.ViewStmt) and "view" in held:
            return _of_view(connection, node, held["view"])
        if isinstance(node, ast.CreateFunctionStmt) and "routine" in held:
            return _of_routine(connection, file, node, held["routine"])
    return None


def _of_view(connection: db.Connection, node: Any, identity: str) -> str | None:
    new = rules.columns_of(node)
    for row in db.fetch(connection, "plan_views", names=[identity]):
        for number, name in enumerate(row.column_names):
            if new and (number >= len(new) or new[number] != name):
                return f"column {name} goes, moves or gets another name"
    return None


def _of_routine(connection: db.Connection, file: SqlFile, node: Any, identity: str) -> str | None:
    declared = next(item for item in parse.declared(file) if item.kind == "routine")
    name = f"{declared.schema}.{declared.name}({', '.join(declared.arguments)})"
    if db.value(connection, "find_routine", name=name, table=None) != identity:
        return "its arguments change"
    rows = db.fetch(connection, "plan_routines", names=[identity])
    if not rows or node.returnType is None or node.returnType.setof:
        return None
    written = parse.text_of(node.returnType)
    types = {row.written: row.type for row in db.fetch(connection, "plan_types", types=[written])}
    if types.get(written, written) != rows[0].result_type:
        return f"its result changes from {rows[0].result_type} to {written}"
    names = [item.name or "" for item in node.parameters or ()]
    if rows[0].argument_names is not None and names != rows[0].argument_names:
        return "its arguments get other names"
    return None
