"""What one statement does, told from its parse tree: lock and work on each relation. Nothing is asked here.

Sources: PostgreSQL manual, "Explicit Locking" and the page of each command; the tests compare with pg_locks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tidemark.deploy.statements import alter_table, drop_and_rename, losses, maintenance, other_objects, parse
from tidemark.deploy.statements.locks_and_work import Effect, Lock, Touch, Work, family, merged
from tidemark.deploy.statements.parse import Statement, ast, enums
from tidemark.deploy.statements.relations import Known

_FULL = Lock.ACCESS_EXCLUSIVE


def of(node: Any, known: Known) -> Effect:
    """Lock and work of a statement, as far as its tree and what is known of the database tell."""
    kind = type(node).__name__
    found = _BY_KIND.get(kind)
    if found:
        return found(node, known)
    words = drop_and_rename.plain_words(node)
    if kind in other_objects.NO_TABLE:
        return Effect(words)
    reasons = losses.UNKNOWN | other_objects.UNKNOWN
    return Effect(words, unknown=reasons.get(kind, f"{words} is a kind of statement that is not known"))


def is_told(kind: str) -> bool:
    """True for a kind of statement that is described, or deliberately unknown, or no statement by itself."""
    unknown = losses.UNKNOWN.keys() | other_objects.UNKNOWN.keys()
    return kind in _BY_KIND or kind in other_objects.NO_TABLE | other_objects.PARTS | unknown


def names(statement: Statement) -> set[str]:
    """Every relation that a statement may concern, to be looked up before ``of``; some are none."""
    found = {parse.relation_of(node) for node in parse.walk(statement.node) if isinstance(node, ast.RangeVar)}
    for node in parse.walk(statement.node):
        if isinstance(node, ast.DropStmt | ast.CommentStmt):
            for item in node.objects if isinstance(node, ast.DropStmt) else (node.object,):
                if parse.is_name(item):
                    found |= {parse.dotted(item), parse.dotted(item[:-1])} if len(item) > 1 else {parse.dotted(item)}
    return found


def type_names(statement: Statement) -> set[str]:
    """Every type as the statement writes it."""
    found = {parse.text_of(node) for node in parse.walk(statement.node) if isinstance(node, ast.TypeName)}
    return found | altered_types(statement)


def altered_types(statement: Statement) -> set[str]:
    """The domain, enum or composite type that a statement alters: tables may store it."""
    node = statement.node
    if isinstance(node, ast.AlterDomainStmt | ast.AlterEnumStmt):
        return {parse.type_name(node.typeName)}
    is_type = (isinstance(node, ast.AlterTableStmt) and node.objtype == enums.ObjectType.OBJECT_TYPE) or (
        isinstance(node, ast.RenameStmt) and node.renameType == enums.ObjectType.OBJECT_ATTRIBUTE
    )
    return {parse.name_of(node.relation)} if is_type else set()


def function_names(statement: Statement) -> set[str]:
    """Every function, without its schema."""
    return {node.funcname[-1].sval for node in parse.walk(statement.node) if isinstance(node, ast.FuncCall)}


def _create_table(node: Any, known: Known) -> Effect:
    name = parse.relation_of(node.relation)
    touches = []
    for parent in node.inhRelations or ():
        above = parse.relation_of(parent)
        touches.append(Touch(above, _FULL if node.partbound else Lock.SHARE_UPDATE_EXCLUSIVE))
        here = known.relation(above)
        if node.partbound and here and here.default_partition:
            touches.append(Touch(here.default_partition, _FULL, Work.SCAN))
    for item in parse.walk(node.tableElts):
        if isinstance(item, ast.Constraint) and item.contype == enums.ConstrType.CONSTR_FOREIGN:
            other = parse.relation_of(item.pktable)
            touches += [] if other == name else family(known, other, Lock.SHARE_ROW_EXCLUSIVE)
        elif isinstance(item, ast.TableLikeClause):
            touches.append(Touch(parse.relation_of(item.relation), Lock.ACCESS_SHARE))
    word = "create partition" if node.partbound else "create table"
    return Effect(f"{word} {name}", merged(touches), makes=(name,))


def _create_table_as(node: Any, known: Known) -> Effect:
    name = parse.relation_of(node.into.rel)
    word = "materialized view" if node.objtype == enums.ObjectType.OBJECT_MATVIEW else "table"
    return Effect(f"create {word} {name}", _reads(node.query), makes=(name,))


def _create_index(node: Any, known: Known) -> Effect:
    table = parse.relation_of(node.relation)
    name = node.idxname or "(unnamed)"
    if node.concurrent:
        touches = [Touch(table, Lock.SHARE_UPDATE_EXCLUSIVE, Work.BUILD)]
        return Effect(f"create index {name} on {table} concurrently", tuple(touches), is_concurrent=True)
    made = (f"{table.split('.')[0]}.{name}",) if node.idxname else ()
    touches = family(known, table, Lock.SHARE, Work.BUILD)
    return Effect(f"create index {name} on {table}", tuple(touches), makes=made)


def _create_view(node: Any, known: Known) -> Effect:
    name = parse.relation_of(node.view)
    touches = list(_reads(node.query))
    if not node.replace:
        return Effect(f"create view {name}", merged(touches), makes=(name,))
    if known.relation(name):
        touches.append(Touch(name, _FULL))
    return Effect(f"create or replace view {name}", merged(touches), makes=() if known.relation(name) else (name,))


def _create_sequence(node: Any, known: Known) -> Effect:
    name = parse.relation_of(node.sequence)
    return Effect(f"create sequence {name}", makes=(name,))


def _create_trigger(node: Any, known: Known) -> Effect:
    table = parse.relation_of(node.relation)
    touches = family(known, table, Lock.SHARE_ROW_EXCLUSIVE) if node.row else [Touch(table, Lock.SHARE_ROW_EXCLUSIVE)]
    if node.constrrel:
        touches.append(Touch(parse.relation_of(node.constrrel), Lock.SHARE_ROW_EXCLUSIVE))
    return Effect(f"create trigger {node.trigname} on {table}", merged(touches))


def _on_table(words: str, lock: Lock, field: str = "table") -> Callable[[Any, Known], Effect]:
    def effect(node: Any, known: Known) -> Effect:
        table = parse.relation_of(getattr(node, field))
        return Effect(f"{words} {table}", (Touch(table, lock),))

    return effect


def _comment(node: Any, known: Known) -> Effect:
    kind = enums.ObjectType(node.objtype).name
    word = kind.removeprefix("OBJECT_").lower().replace("tabconstraint", "constraint")
    weak = Lock.SHARE_UPDATE_EXCLUSIVE
    if kind in drop_and_rename.RELATIONS | {"OBJECT_INDEX"}:
        name = parse.dotted(node.object)
        return Effect(f"comment on {word} {name}", (Touch(name, weak),))
    if kind in drop_and_rename.ON_TABLES | {"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT"}:
        table = parse.dotted(node.object[:-1])
        lock = weak if kind == "OBJECT_COLUMN" else Lock.ACCESS_SHARE
        return Effect(f"comment on {word} {table}.{node.object[-1].sval}", (Touch(table, lock),))
    return Effect(f"comment on {word}")


def _write(words: str) -> Callable[[Any, Known], Effect]:
    def effect(node: Any, known: Known) -> Effect:
        table = parse.relation_of(node.relation)
        named = words in ("insert into", "merge into") or node.whereClause is not None
        work = Work.ROWS if named else Work.SCAN
        reads = [touch for touch in _reads(node) if touch.relation != table]
        scope = "" if named else ", every row"
        lost = f"every row of {table}" if words == "delete from" and not named else None
        return Effect(
            f"{words} {table}{scope}",
            merged([Touch(table, Lock.ROW_EXCLUSIVE, work), *reads]),
            lost=lost,
            empties=(table,) if lost else (),
        )

    return effect


def _select(node: Any, known: Known) -> Effect:
    lock = Lock.ROW_SHARE if node.lockingClause else Lock.ACCESS_SHARE
    touches = tuple(Touch(touch.relation, lock) for touch in _reads(node))
    calls = [item.funcname for item in parse.walk(node) if isinstance(item, ast.FuncCall)]
    ours = sorted({parse.dotted(name) for name in calls if len(name) > 1 and name[0].sval != "pg_catalog"})
    if ours:
        return Effect(f"call {', '.join(ours)}", touches, unknown=f"what {', '.join(ours)} does is not looked into")
    return Effect("select", touches)


def _call(node: Any, known: Known) -> Effect:
    name = parse.dotted(node.funccall.funcname)
    return Effect(f"call {name}", unknown=f"what {name} does is not looked into")


def _lock(node: Any, known: Known) -> Effect:
    tables = [parse.relation_of(item) for item in node.relations]
    touches = [touch for table in tables for touch in family(known, table, Lock(node.mode))]
    return Effect(f"lock {', '.join(tables)}", merged(touches))


def _copy(node: Any, known: Known) -> Effect:
    if node.relation is None:
        return Effect("copy a query out", _reads(node.query))
    table = parse.relation_of(node.relation)
    lock, work = (Lock.ROW_EXCLUSIVE, Work.ROWS) if node.is_from else (Lock.ACCESS_SHARE, Work.SCAN)
    return Effect(f"copy {'into' if node.is_from else 'from'} {table}", (Touch(table, lock, work),))


def _statistics(node: Any, known: Known) -> Effect:
    tables = [parse.relation_of(item) for item in node.relations if isinstance(item, ast.RangeVar)]
    touches = tuple(Touch(table, Lock.SHARE_UPDATE_EXCLUSIVE) for table in tables)
    return Effect(f"create statistics on {', '.join(tables)}", touches)


def _unknown(words: str, reason: str) -> Callable[[Any, Known], Effect]:
    def effect(node: Any, known: Known) -> Effect:
        return Effect(words, unknown=reason)

    return effect


def _reads(tree: Any) -> tuple[Touch, ...]:
    """The relations of a query, common table expressions left out."""
    own = {f"public.{item.ctename}" for item in parse.walk(tree) if isinstance(item, ast.CommonTableExpr)}
    found = {parse.relation_of(item) for item in parse.walk(tree) if isinstance(item, ast.RangeVar)}
    return tuple(Touch(name, Lock.ACCESS_SHARE) for name in sorted(found - own))


_BY_KIND: dict[str, Callable[[Any, Known], Effect]] = {
    "AlterDatabaseStmt": other_objects.alter_database,
    "AlterDomainStmt": other_objects.alter_domain,
    "AlterEnumStmt": other_objects.alter_enum,
    "AlterObjectDependsStmt": other_objects.depends_on_extension,
    "AlterPublicationStmt": other_objects.publication,
    "AlterTableMoveAllStmt": _unknown("move everything to a tablespace", "it copies every table there"),
    "AlterTableStmt": alter_table.effect,
    "AlterObjectSchemaStmt": drop_and_rename.set_schema,
    "AlterPolicyStmt": _on_table("alter a policy of", _FULL),
    "AlterSeqStmt": _on_table("alter sequence", Lock.SHARE_ROW_EXCLUSIVE, "sequence"),
    "CallStmt": _call,
    "ClusterStmt": maintenance.cluster,
    "CommentStmt": _comment,
    "CopyStmt": _copy,
    "CreateForeignTableStmt": other_objects.create_foreign_table,
    "CreatePolicyStmt": _on_table("create a policy for", _FULL),
    "CreatePublicationStmt": other_objects.publication,
    "CreateSchemaStmt": other_objects.create_schema(of),
    "CreateSeqStmt": _create_sequence,
    "CreateStatsStmt": _statistics,
    "CreateStmt": _create_table,
    "CreateTableAsStmt": _create_table_as,
    "CreateTrigStmt": _create_trigger,
    "DeclareCursorStmt": other_objects.planned("open a cursor:", of),
    "DeleteStmt": _write("delete from"),
    "DiscardStmt": other_objects.discard,
    "DoStmt": _unknown("run a block of code", "what a DO block does is not looked into"),
    "DropOwnedStmt": _unknown("drop what a role owns", "what the role owns is not looked into"),
    "DropStmt": drop_and_rename.drop,
    "ExplainStmt": other_objects.planned("explain", of),
    "IndexStmt": _create_index,
    "InsertStmt": _write("insert into"),
    "LockStmt": _lock,
    "MergeStmt": _write("merge into"),
    "PrepareStmt": other_objects.planned("prepare", of),
    "RefreshMatViewStmt": maintenance.refresh,
    "ReindexStmt": maintenance.reindex,
    "RenameStmt": drop_and_rename.rename,
    "RuleStmt": _on_table("create a rule for", _FULL, "relation"),
    "SecLabelStmt": other_objects.security_label,
    "SelectStmt": _select,
    "TruncateStmt": drop_and_rename.truncate,
    "UpdateStmt": _write("update"),
    "VacuumStmt": maintenance.vacuum,
    "ViewStmt": _create_view,
}
