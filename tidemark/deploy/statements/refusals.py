"""What PostgreSQL will refuse, as far as that can be told before it is asked.

Source: PostgreSQL manual, the page of each command.
"""

from __future__ import annotations

from typing import Any

from tidemark.deploy.statements import other_objects, parse
from tidemark.deploy.statements.locks_and_work import Effect, Refusal
from tidemark.deploy.statements.parse import Statement, ast, enums
from tidemark.deploy.statements.relations import Known, Made

_ONE_BY_ONE = (
    "CREATE INDEX ... ON ONLY the partitioned table, CREATE INDEX CONCURRENTLY on each partition, then "
    "ALTER INDEX ... ATTACH PARTITION."
)
TAKES_VALUES_OF_NEW_TYPES = 170000  # a value may be used at once when the same transaction made the type
_ALWAYS_OUTSIDE = (
    ast.AlterSystemStmt, ast.CreatedbStmt, ast.DropdbStmt, ast.CreateTableSpaceStmt, ast.DropTableSpaceStmt,
)  # fmt: skip


def of(node: Any, known: Known) -> Refusal | None:
    """Why a statement is refused wherever it runs; None when nothing is known against it."""
    if isinstance(node, ast.IndexStmt) and node.concurrent:
        table = parse.relation_of(node.relation)
        if _kind(known, table) == "partitioned table":
            return Refusal(f"no index on the partitioned table {table} can be made concurrently", _ONE_BY_ONE)
    elif isinstance(node, ast.DropStmt) and node.removeType == enums.ObjectType.OBJECT_INDEX:
        return _dropped_index(node, known)
    elif isinstance(node, ast.AlterDomainStmt) and other_objects.checks_values(node):
        column = known.contained.get(parse.type_name(node.typeName))
        if column:
            return Refusal(
                f"{column} holds the domain inside an array, row or range",
                "Give the column another type first, or check the values there.",
            )
    elif command := parse.detached(node):
        table = parse.relation_of(node.relation)
        here = known.relation(table)
        if command.def_.concurrent and here and here.default_partition:
            return Refusal(
                f"{table} has a default partition, so no partition can be detached concurrently",
                "Detach it without CONCURRENTLY, or detach the default partition first.",
            )
    return None


def _dropped_index(node: Any, known: Known) -> Refusal | None:
    names = [parse.dotted(item) for item in node.objects]
    if node.concurrent and len(names) > 1:
        return Refusal("only one index at a time can be dropped concurrently", "One DROP INDEX for each.")
    if node.concurrent and node.behavior == enums.DropBehavior.DROP_CASCADE:
        return Refusal("an index cannot be dropped concurrently with CASCADE", "Drop what stands on it before.")
    for name in names:
        here = known.relation(name)
        if node.concurrent and _kind(known, name) == "partitioned index":
            return Refusal(
                f"the index {name} of a partitioned table cannot be dropped concurrently",
                "DROP INDEX without CONCURRENTLY, when the tables may be locked for a moment.",
            )
        if here and here.parent and here.parent not in names:
            return Refusal(f"{name} is a part of the index {here.parent}", f"DROP INDEX {here.parent}.")
    return None


def is_outside(node: Any, known: Known) -> bool:
    """True when no transaction can hold a statement."""
    if isinstance(node, ast.IndexStmt | ast.DropStmt):
        return bool(node.concurrent)
    if isinstance(node, ast.ReindexStmt):
        return node.relation is None or parse.is_concurrent_reindex(node) or _is_partitioned(known, node.relation)
    if isinstance(node, ast.ClusterStmt):
        return node.relation is None or _is_partitioned(known, node.relation)
    if isinstance(node, ast.VacuumStmt):
        return bool(node.is_vacuumcmd)
    if isinstance(node, ast.DiscardStmt):
        return bool(node.target == enums.DiscardMode.DISCARD_ALL)
    if isinstance(node, ast.AlterDatabaseStmt):
        return any(item.defname == "tablespace" for item in node.options or ())
    return parse.detached(node) is not None or isinstance(node, _ALWAYS_OUTSIDE)


def added_value(node: Any, known: Known) -> tuple[str, str] | None:
    """The type, as written, and the value that an enum gets and did not have."""
    if not isinstance(node, ast.AlterEnumStmt) or node.oldVal:
        return None
    written = parse.type_name(node.typeName)
    return None if node.newVal in known.values.get(written, ()) else (written, node.newVal)


def uses(statement: Statement, effect: Effect, added: tuple[str, str], known: Known) -> bool:
    """True when a statement writes a new value of an enum and has to do with that type."""
    written, value = added
    literals = (item.val for item in parse.walk(statement.node) if isinstance(item, ast.A_Const))
    if not any(isinstance(item, ast.String) and item.sval == value for item in literals):
        return False
    wanted = known.type(written)
    touched = {*(touch.relation for touch in effect.touches), *_relations(statement)}
    if any(wanted in {known.type(name) for name in known.made[one].types} for one in touched if one in known.made):
        return True
    types = (parse.type_name(item.names) for item in parse.walk(statement.node) if isinstance(item, ast.TypeName))
    if wanted in {known.type(name) for name in types}:
        return True
    read = [here for name in touched if (here := known.relation(name))]
    return any(column.type.removesuffix("[]") == wanted for here in read for column in here.columns.values())


def made(node: Any, known: Known) -> dict[str, Made]:
    """The table or index that a statement makes, for those that follow."""
    if isinstance(node, ast.CreateStmt):
        columns = [item for item in node.tableElts or () if isinstance(item, ast.ColumnDef) and item.typeName]
        types = frozenset(parse.type_name(item.typeName.names) for item in columns)
        return {parse.relation_of(node.relation): Made("partitioned table" if node.partspec else "table", types)}
    if isinstance(node, ast.IndexStmt) and node.idxname:
        table = parse.relation_of(node.relation)
        kind = "partitioned index" if _kind(known, table) == "partitioned table" else "index"
        return {f"{table.split('.')[0]}.{node.idxname}": Made(kind, frozenset())}
    return {}


def _relations(statement: Statement) -> list[str]:
    return [parse.relation_of(item) for item in parse.walk(statement.node) if isinstance(item, ast.RangeVar)]


def _kind(known: Known, name: str) -> str:
    here = known.relation(name) or known.made.get(name)
    return here.kind if here else ""


def _is_partitioned(known: Known, relation: Any) -> bool:
    return _kind(known, parse.relation_of(relation)).startswith("partitioned")
