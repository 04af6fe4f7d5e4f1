"""Counts what taking a migration back would lose: rows and values. What cannot be told counts as a loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.deploy.statements import losses, parse
from tidemark.deploy.statements.losses import PossibleLoss
from tidemark.deploy.statements.parse import ast, enums
from tidemark.errors import DatabaseRefused, UsageProblem
from tidemark.files import SqlFile

COUNTED = 1_000_000  # beyond this number the exact one is not worth the time

_WORDS = {
    "drops": "{name} with {count} rows",
    "drops column": "{name}.{column} with {count} values",
    "retypes column": "{count} values of {name}.{column}, which another type may not hold",
    "empties": "all {count} rows of {name}",
    "deletes from": "up to {count} rows of {name}",
    "changes": "values in up to {count} rows of {name}",
    "unknown": "what the statement on line {line} of {path} takes along, which cannot be told before it runs"
    "{because}",
}
_ROWS = {"d": "deletes from", "c": "changes", "t": "empties", "x": "empties"}
_WAYS = {"deletes": "d", "changes": "c", "inserts": "i"}


@dataclass(frozen=True)
class Loss:
    """What one statement takes away. ``row_count``: None where it cannot be told; a minimum with ``is_more``."""

    path: str
    line: int
    effect: str
    relation: str | None
    column: str | None
    row_count: int | None
    is_more: bool
    because: str = ""

    @property
    def text(self) -> str:
        count = f"{'more than ' if self.is_more else ''}{self.row_count or 0:,}"
        because = f" ({self.because})" if self.because else ""
        return _WORDS[self.effect].format(
            name=self.relation, column=self.column, count=count, line=self.line, path=self.path, because=because
        )


@dataclass(frozen=True)
class _Target:
    """Rows or values that a statement reaches, to be counted; or, with ``because``, what cannot be told."""

    line: int
    effect: str
    schema: str = ""
    relation: str = ""
    identity: str = ""
    column: str = ""
    because: str = ""


def of(connection: db.Connection, file: SqlFile) -> list[Loss]:
    """What the statements of a file would lose now; empty tables and columns without values are none."""
    with db.trial(connection):
        db.run(connection, "see_all_rows")
        return [loss for target in _targets(connection, file) for loss in _counted(connection, file, target)]


def lock(connection: db.Connection, file: SqlFile) -> None:
    """Keeps writers out of the tables that a file takes rows from, so that a count stays right in this transaction.

    Errors: Busy.
    """
    tables = {(target.schema, target.relation) for target in _targets(connection, file) if target.relation}
    for schema, relation in sorted(tables):
        db.call_with_identifiers(connection, "lock_table", schema=schema, relation=relation)


def refuse(found: list[Loss], *, hint: str = "Nothing was changed.") -> None:
    """Errors: UsageProblem, when anything would be lost."""
    if found:
        raise UsageProblem(
            "this rollback loses data, and --allow-data-loss was not given",
            detail="It would take away " + "; ".join(loss.text for loss in found) + ".",
            hint=f"{hint} Save what is needed (pg_dump -t), then add --allow-data-loss.",
        )


def _targets(connection: db.Connection, file: SqlFile) -> list[_Target]:
    statements = parse.statements(file)
    names_move = any(_moves_names(statement.node) for statement in statements)
    found = []
    prepares = False
    for statement in statements:
        asked = _Asked(connection, statement.line, names_move, prepares)
        found += [target for possible in losses.of(statement.node) for target in asked.of(possible)]
        prepares = prepares or _prepares(statement.node)
    return found


def _moves_names(node: Any) -> bool:
    """True when a name means another thing afterwards, so that what is not there now may be by then."""
    if isinstance(node, ast.VariableSetStmt):
        return bool(node.name == "search_path")
    return isinstance(node, ast.RenameStmt | ast.AlterObjectSchemaStmt)


# What rows that are written, changed or taken away take along with them.
_MAKES_WAYS = (ast.CreateTrigStmt, ast.RuleStmt, ast.CreateFunctionStmt)
_OPENS_WAYS = parse.listed("""
    AT_EnableTrig AT_EnableAlwaysTrig AT_EnableReplicaTrig AT_EnableTrigAll AT_EnableTrigUser AT_EnableRule
    AT_EnableAlwaysRule AT_EnableReplicaRule AT_AttachPartition AT_AddInherit AT_AlterConstraint
""")


def _prepares(node: Any) -> bool:
    """True when rows that are taken away later in the file may take others along that they leave alone now."""
    if isinstance(node, ast.AlterTableStmt):
        return any(
            enums.AlterTableType(command.subtype).name in _OPENS_WAYS
            or any(
                isinstance(item, ast.Constraint) and item.contype == enums.ConstrType.CONSTR_FOREIGN
                for item in parse.walk(command.def_)
            )
            for command in node.cmds
        )
    return isinstance(node, _MAKES_WAYS) or (
        isinstance(node, ast.VariableSetStmt) and node.name == "session_replication_role"
    )


@dataclass(frozen=True)
class _Asked:
    """What the catalogue says to a possible loss."""

    connection: db.Connection
    line: int
    names_move: bool
    prepares: bool

    def of(self, possible: PossibleLoss) -> Iterator[_Target]:
        match possible.way:
            case "unknown":
                yield self._unknown(possible.because)
            case "reads":
                yield from self._reads(possible)
            case "drops":
                yield from self._drops(possible)
            case "drops column" | "retypes column":
                yield from self._column(possible)
            case "empties":
                yield from self._rows(possible, "x" if possible.cascades else "t")
            case way:
                yield from self._rows(possible, _WAYS[way])

    def _unknown(self, because: str) -> _Target:
        return _Target(self.line, "unknown", because=because)

    def _absent(self, name: str) -> Iterator[_Target]:
        if self.names_move:
            yield self._unknown(f"the file gives names to other things, {name} may be one")

    def _reads(self, possible: PossibleLoss) -> Iterator[_Target]:
        for call in possible.calls:
            if db.value(self.connection, "has_own_function", words=call.split(".")):
                yield self._unknown(f"what {call}() does is not looked into")
        if possible.relation:
            kind = db.value(self.connection, "relation_kind", name=possible.relation)
            if kind in ("v", "f"):
                yield self._unknown(f"{possible.relation} is no table, and what reading it does is not looked into")

    def _rows(self, possible: PossibleLoss, way: str) -> Iterator[_Target]:
        found = db.fetch(self.connection, "reached_tables", name=possible.relation, way=way)
        if not found:
            yield from self._absent(possible.relation)
        if found and self.prepares:
            yield self._unknown("triggers, rules or foreign keys of the same file may do more")
        for row in found:
            if row.kind not in ("r", "p"):
                yield self._unknown(f"{row.identity} is no table, and what stands behind it is not looked into")
            elif row.obstacle:
                yield self._unknown(f"{row.obstacle} may do more")
            if row.is_counted and possible.way != "inserts" and row.kind in ("r", "p"):
                yield _Target(self.line, _ROWS[row.way], row.schema_name, row.relation_name, row.identity)

    def _drops(self, possible: PossibleLoss) -> Iterator[_Target]:
        name = ".".join(possible.name)
        try:
            with db.transaction(self.connection):
                found = db.fetch(
                    self.connection,
                    "dropped_objects",
                    kind=possible.kind,
                    # a type is addressed by its name as SQL writes it
                    name=[_written(possible.name)] if possible.kind == "type" else list(possible.name),
                    arguments=list(possible.arguments),
                    cascades=possible.cascades,
                )
        except DatabaseRefused as error:
            if error.sqlstate in _NOT_THERE and possible.kind != "type":
                yield from self._absent(name)
            else:
                yield self._unknown(f"what stands on {name} is not known: {error.message}")
            return
        for row in found:
            effect = "drops column" if row.column_name else "drops"
            yield _Target(self.line, effect, row.schema_name, row.relation_name, row.identity, row.column_name or "")

    def _column(self, possible: PossibleLoss) -> Iterator[_Target]:
        facts = db.fetch(
            self.connection,
            "column_facts",
            relation=possible.relation,
            column=possible.column,
            new_type=possible.new_type,
        )
        if not facts:
            yield from self._absent(f"{possible.relation}.{possible.column}")
        elif not facts[0].is_generated and not (possible.way == "retypes column" and facts[0].keeps_values):
            for row in db.fetch(self.connection, "reached_tables", name=possible.relation, way="t"):
                if row.is_counted:
                    names = (row.schema_name, row.relation_name, row.identity)
                    yield _Target(self.line, possible.way, *names, possible.column)


def _written(words: tuple[str, ...]) -> str:
    return parse.name_of(ast.RangeVar(schemaname=words[-2] if len(words) > 1 else None, relname=words[-1]))


# undefined table, column, function, object, schema; a name that is another kind of thing
_NOT_THERE = {"42P01", "42703", "42883", "42704", "3F000", "42809"}


def _counted(connection: db.Connection, file: SqlFile, target: _Target) -> Iterator[Loss]:
    if target.effect == "unknown":
        yield Loss(file.path, target.line, "unknown", None, None, None, is_more=False, because=target.because)
        return
    names = {"schema": target.schema, "relation": target.relation}
    if target.column:
        count = db.value_with_identifiers(connection, "count_values", column=target.column, **names)
    else:
        count = db.value_with_identifiers(connection, "count_rows", **names)
    if count:
        more = count > COUNTED
        yield Loss(
            file.path,
            target.line,
            target.effect,
            target.identity,
            target.column or None,
            min(count, COUNTED),
            more,
        )
