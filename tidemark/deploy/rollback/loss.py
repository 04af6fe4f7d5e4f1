"""Counts what taking a migration back would lose: rows of tables, values of columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.deploy.statements import parse
from tidemark.errors import UsageProblem
from tidemark.files import SqlFile

COUNTED = 1_000_000  # beyond this number the exact one is not worth the time

_WORDS = {
    "drops": "{name} with {count} rows",
    "drops column": "{name}.{column} with {count} values",
    "empties": "all {count} rows of {name}",
    "deletes from": "up to {count} rows of {name}",
    "changes": "values in up to {count} rows of {name}",
    "unknown": "what the statement on line {line} of {path} takes along, which cannot be told before it runs",
}


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

    @property
    def text(self) -> str:
        count = f"{'more than ' if self.is_more else ''}{self.row_count or 0:,}"
        return _WORDS[self.effect].format(
            name=self.relation, column=self.column, count=count, line=self.line, path=self.path
        )


@dataclass(frozen=True)
class Taking:
    """What a statement may take away. ``effect``: ``drops``, ``drops column``, ``empties``, ``deletes from``,
    ``changes``, ``drops schema`` or ``unknown``; ``name``: of the relation or schema, as written.
    """

    statement: parse.Statement
    effect: str
    name: str = ""
    column: str = ""


def takings(file: SqlFile) -> list[Taking]:
    """What of a file can lose rows or values, in order. Views, indexes, functions and the like hold none."""
    return [taking for statement in parse.statements(file) for taking in _takings(statement)]


def _takings(statement: parse.Statement) -> Iterator[Taking]:
    node = statement.node
    if isinstance(node, parse.ast.DropStmt):
        yield from _drops(statement)
    elif isinstance(node, parse.ast.AlterTableStmt):
        for command in node.cmds:
            if command.subtype == parse.enums.AlterTableType.AT_DropColumn:
                yield Taking(statement, "drops column", _relation(node.relation), command.name)
    elif isinstance(node, parse.ast.TruncateStmt):
        yield from (Taking(statement, "empties", _relation(relation)) for relation in node.relations)
    elif isinstance(node, parse.ast.DeleteStmt):
        yield Taking(statement, "deletes from", _relation(node.relation))
    elif isinstance(node, parse.ast.UpdateStmt | parse.ast.MergeStmt):
        yield Taking(statement, "changes", _relation(node.relation))
    elif isinstance(node, parse.ast.DoStmt | parse.ast.CallStmt):
        yield Taking(statement, "unknown")


def _drops(statement: parse.Statement) -> Iterator[Taking]:
    node = statement.node
    kinds = parse.enums.ObjectType
    harmless = (kinds.OBJECT_VIEW, kinds.OBJECT_INDEX, kinds.OBJECT_FUNCTION, kinds.OBJECT_PROCEDURE)
    for item in node.objects:
        if node.removeType == kinds.OBJECT_TABLE:
            yield Taking(statement, "drops", ".".join(_quoted(part.sval) for part in item))
        elif node.removeType == kinds.OBJECT_SCHEMA and node.behavior == parse.enums.DropBehavior.DROP_CASCADE:
            yield Taking(statement, "drops schema", _quoted(item.sval))
        elif node.behavior == parse.enums.DropBehavior.DROP_CASCADE and node.removeType not in harmless:
            yield Taking(statement, "unknown")  # columns of a type, say


def _relation(node: Any) -> str:
    return parse.text_of(node).removeprefix("ONLY ")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def of(connection: db.Connection, file: SqlFile) -> list[Loss]:
    """What the statements of a file would lose now; empty tables and columns without values are none."""
    with db.trial(connection):
        db.run(connection, "see_all_rows")
        return [loss for taking in takings(file) for loss in _losses(connection, file, taking)]


def lock(connection: db.Connection, file: SqlFile) -> None:
    """Keeps writers out of the tables that a file takes rows from, so that a count stays right in this transaction.

    Errors: Busy.
    """
    for taking in takings(file):
        for row in db.fetch(connection, "tables_of", name=taking.name, is_schema=taking.effect == "drops schema"):
            db.call_with_identifiers(connection, "lock_table", schema=row.schema_name, relation=row.relation_name)


def refuse(losses: list[Loss], *, hint: str = "Nothing was changed.") -> None:
    """Errors: UsageProblem, when anything would be lost."""
    if losses:
        raise UsageProblem(
            "this rollback loses data, and --allow-data-loss was not given",
            detail="It would take away " + "; ".join(loss.text for loss in losses) + ".",
            hint=f"{hint} Save what is needed (pg_dump -t), then add --allow-data-loss.",
        )


def _losses(connection: db.Connection, file: SqlFile, taking: Taking) -> Iterator[Loss]:
    line = taking.statement.line
    if taking.effect == "unknown":
        yield Loss(file.path, line, "unknown", None, None, None, is_more=False)
    for row in db.fetch(connection, "tables_of", name=taking.name, is_schema=taking.effect == "drops schema"):
        names = {"schema": row.schema_name, "relation": row.relation_name}
        if taking.effect == "drops column":
            if not db.value(connection, "has_column", relation=row.identity, column=taking.column):
                continue
            count = db.value_with_identifiers(connection, "count_values", column=taking.column, **names)
        else:
            count = db.value_with_identifiers(connection, "count_rows", **names)
        if count:
            effect = "drops" if taking.effect == "drops schema" else taking.effect
            more = count > COUNTED
            yield Loss(file.path, line, effect, row.identity, taking.column or None, min(count, COUNTED), more)
