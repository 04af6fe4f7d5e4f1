"""What the database knows of the relations a plan concerns. Reads only, and never waits for a table's lock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tidemark import db
from tidemark.deploy.statements import refusals, statement_effect
from tidemark.deploy.statements.locks_and_work import Lock
from tidemark.deploy.statements.parse import Statement, ast, enums
from tidemark.deploy.statements.relations import Column, Known, Relation


@dataclass(frozen=True)
class User:
    """Something that stands on a relation. ``columns``: those it reads directly; ``through``: the users between."""

    kind: str
    identity: str
    columns: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """A session that holds a lock on a relation while the plan is made."""

    pid: int
    role: str
    application: str
    lock: Lock
    age_seconds: int
    query: str


@dataclass(frozen=True)
class Facts:
    """``users`` and ``sessions`` by relation; ``captured``: (relation, column) to the stored views that need it."""

    known: Known
    users: dict[str, list[User]] = field(default_factory=dict)
    sessions: dict[str, list[Session]] = field(default_factory=dict)
    captured: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def after(self, node: Any) -> Facts:
        """The same facts, and the table or index that a statement makes."""
        made = refusals.made(node, self.known)
        return replace(self, known=replace(self.known, made={**self.known.made, **made})) if made else self

    def after_rename(self, old: str, new: str) -> Facts:
        """The same facts, with one relation known under its new name as well."""
        if old not in self.known.relations:
            return self
        relations = {**self.known.relations, new: self.known.relations[old]}
        users = {**self.users, new: self.users.get(old, [])}
        sessions = {**self.sessions, new: self.sessions.get(old, [])}
        return replace(self, known=replace(self.known, relations=relations), users=users, sessions=sessions)

    def users_of_column(self, relation: str, column: str) -> list[User]:
        """What reads a column, and what stands on that."""
        found = self.users.get(relation, [])
        direct = {user.identity for user in found if column in user.columns}
        return [user for user in found if user.identity in direct or (user.through and user.through[0] in direct)]


def known(connection: db.Connection, statements: Iterable[Statement]) -> Known:
    """The relations, types and functions that statements name, as far as they exist."""
    listed = list(statements)
    altered = sorted({name for statement in listed for name in statement_effect.altered_types(statement)})
    typed: dict[str, list[str]] = {}
    contained: dict[str, str] = {}
    for row in db.fetch(connection, "plan_tables_of_types", types=altered) if altered else ():
        if row.column_name:
            contained.setdefault(row.written, row.column_name)
        else:
            typed.setdefault(row.written, []).append(row.name)
    altering = [one.node.pubname for one in listed if isinstance(one.node, ast.AlterPublicationStmt)]
    published: dict[str, list[str]] = {}
    for row in db.fetch(connection, "plan_published", names=altering) if altering else ():
        published.setdefault(row.name, []).append(row.table_name)
    named = {name for statement in listed for name in statement_effect.names(statement)}
    names = sorted(named.union(*typed.values(), *published.values()))
    schemas = sorted({name for statement in listed for name in _dropped_schemas(statement)})
    types = sorted({name for statement in listed for name in statement_effect.type_names(statement)})
    functions = sorted({name for statement in listed for name in statement_effect.function_names(statement)})
    rows = db.fetch(connection, "plan_relations", names=names, schemas=schemas)
    columns: dict[int, dict[str, Column]] = {}
    for row in db.fetch(connection, "plan_columns", oids=[row.oid for row in rows]):
        modifiers = tuple(int(part) for part in (row.modifiers or "").split(",") if part)
        columns.setdefault(row.oid, {})[row.name] = Column(
            row.type, modifiers, row.is_required, row.never_null, row.is_checked, row.is_indexed, row.is_generated
        )
    written = db.fetch(connection, "plan_types", types=types)
    volatile = db.fetch(connection, "plan_volatile_functions", names=functions)
    return Known(
        {row.name: _relation(row, columns.get(row.oid, {})) for row in rows},
        {row.written: row.type for row in written},
        frozenset((row.old_type, row.new_type) for row in db.fetch(connection, "plan_binary_casts")),
        {row.type: row.base_type for row in written if row.base_type and not row.is_checked},
        frozenset(row.type for row in written if row.is_checked),
        frozenset(row.name for row in volatile),
        {written: tuple(tables) for written, tables in typed.items()},
        {row.written: frozenset(row.values) for row in written if row.values},
        {name: tuple(tables) for name, tables in published.items()},
        {row.name: row.table_name for row in db.fetch(connection, "plan_statistics", names=names)},
        contained,
        server_version=connection.info.server_version,
    )


def read(connection: db.Connection, statements: Iterable[Statement]) -> Facts:
    """Everything a plan tells about the relations of its statements."""
    found = known(connection, statements)
    by_oid = {relation.oid: name for name, relation in found.relations.items()}
    has_engine = bool(db.value(connection, "has_refresh_engine"))
    graph = _Graph(connection, set(by_oid), has_engine)
    captured: dict[tuple[str, str], list[str]] = {}
    if has_engine:
        for row in db.fetch(connection, "plan_captured_columns"):
            captured.setdefault((row.source_name, row.column_name), []).append(row.view_name)
    sessions: dict[str, list[Session]] = {}
    for row in db.fetch(connection, "plan_sessions", oids=list(by_oid)):
        query = " ".join((row.query or "").split())[:80]
        lock = Lock[re.sub(r"(?<!^)(?=[A-Z])", "_", row.mode).upper()]
        seen = Session(row.pid, row.role_name or "", row.application_name or "", lock, row.age_seconds or 0, query)
        sessions.setdefault(by_oid[row.oid], []).append(seen)
    users = {name: graph.users(oid) for oid, name in by_oid.items()}
    return Facts(found, users, sessions, captured)


class _Graph:
    """What stands on what: views and the like as the catalogue knows it, stored views as the engine does."""

    def __init__(self, connection: db.Connection, roots: set[int], has_engine: bool) -> None:
        self._steps: dict[int, list[tuple[int, str, str, str | None]]] = {}
        stored = db.fetch(connection, "plan_stored_views") if has_engine else []
        seen: set[int] = set()
        waiting = roots
        while waiting:
            seen |= waiting
            found: set[int] = set()
            for row in db.fetch(connection, "plan_users", oids=sorted(waiting)):
                kind = "bi view" if row.kind == "view" and row.identity.startswith("bi.") else row.kind
                self._steps.setdefault(row.used_oid, []).append((row.oid, kind, row.identity, row.column_name))
                found |= {row.oid} if row.kind == "view" else set()
            for row in stored:
                if row.live_oid in waiting and row.oid:
                    self._steps.setdefault(row.live_oid, []).append((row.oid, "stored view", row.view_name, None))
                    found.add(row.oid)
            waiting = found - seen

    def users(self, root: int) -> list[User]:
        """Users of a relation at any distance, nearest first, each once."""
        columns: dict[str, set[str]] = {}
        for _, _, identity, column in self._steps.get(root, ()):
            columns.setdefault(identity, set()).update([column] if column else [])
        result: dict[str, User] = {}
        waiting: list[tuple[int, tuple[str, ...]]] = [(root, ())]
        while waiting:
            here, path = waiting.pop(0)
            for oid, kind, identity, _ in sorted(self._steps.get(here, ()), key=lambda step: (step[1], step[2])):
                if identity not in result and oid != root:
                    read = tuple(sorted(columns.get(identity, ()))) if not path else ()
                    result[identity] = User(kind, identity, read, path)
                    waiting.append((oid, (*path, identity)))
        return list(result.values())


def _relation(row: Any, columns: dict[str, Column]) -> Relation:
    return Relation(
        row.name,
        row.kind,
        row.oid,
        row.size_bytes,
        row.row_count,
        row.persistence,
        row.table_name,
        row.parent_name,
        row.default_partition,
        tuple(row.parts),
        tuple(row.indexes),
        columns,
        row.tied_by,
    )


def _dropped_schemas(statement: Statement) -> list[str]:
    node = statement.node
    if isinstance(node, ast.DropStmt) and node.removeType == enums.ObjectType.OBJECT_SCHEMA:
        return [item.sval for item in node.objects]
    return []
