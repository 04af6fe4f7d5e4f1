"""The one account of a statement: locks and work, rows and values lost, what is dropped or altered, what is unknown.

Plan, rollback and making way read it; nobody else looks into a statement's tree for these questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tidemark.deploy.statements import losses, parse, refusals, statement_effect
from tidemark.deploy.statements.locks_and_work import Effect, merged
from tidemark.deploy.statements.losses import PossibleLoss
from tidemark.deploy.statements.parse import Statement, ast, enums
from tidemark.deploy.statements.relations import Known

# Named after their table, and nothing stands on them.
_PARTS_OF_TABLES = (
    enums.ObjectType.OBJECT_TRIGGER,
    enums.ObjectType.OBJECT_POLICY,
    enums.ObjectType.OBJECT_RULE,
)


def of(statement: Statement, known: Known) -> Effect:
    """The effect of a statement, as far as its text and what is known of the database tell."""
    node = statement.node
    effect = statement_effect.of(node, known)
    if isinstance(node, ast.SelectStmt | ast.InsertStmt | ast.UpdateStmt | ast.DeleteStmt | ast.CreateTableAsStmt):
        effect = _with_inner_writes(effect, node, known)
    possible = losses.of(node)
    return replace(
        effect,
        losses=possible,
        changes=_changes(node),
        unknown=effect.unknown or _not_told(possible, effect, node, known),
        refused=refusals.of(node, known),
        is_outside=refusals.is_outside(node, known),
        adds=refusals.added_value(node, known),
    )


def changed(statements: Iterable[Statement]) -> list[tuple[str, str]]:
    """What statements drop or alter, as (kind, name): what depends on it is in their way."""
    return list(dict.fromkeys(change for one in statements for change in of(one, Known()).changes))


def _with_inner_writes(effect: Effect, node: Any, known: Known) -> Effect:
    """Together with what INSERT, UPDATE, DELETE and MERGE inside WITH do."""
    inner = [
        statement_effect.of(item, known)
        for item in parse.walk(node)
        if item is not node and isinstance(item, ast.InsertStmt | ast.UpdateStmt | ast.DeleteStmt | ast.MergeStmt)
    ]
    if not inner:
        return effect
    lost = [one.lost for one in (effect, *inner) if one.lost]
    return replace(
        effect,
        kind=f"{effect.kind}, with {', '.join(one.kind for one in inner)}",
        touches=merged([*effect.touches, *(touch for one in inner for touch in one.touches)]),
        lost=", ".join(lost) or None,
        empties=tuple(dict.fromkeys([*effect.empties, *(name for one in inner for name in one.empties)])),
    )


def _not_told(possible: tuple[PossibleLoss, ...], effect: Effect, node: Any, known: Known) -> str | None:
    """Why it cannot be told what else a statement takes away."""
    for one in possible:
        if one.way == "unknown":
            return one.because
        if one.calls and "." in one.calls[0]:
            return f"what {one.calls[0]} does is not looked into"
        if one.way == "drops" and one.cascades and not effect.lost:
            return "what stands on it is not looked into"
        if one.way == "retypes column" and not one.new_type and not effect.lost:
            if known.is_generated(parse.relation_of(node.relation), one.column):
                continue
            return f"what becomes of the values of {one.column} is not looked into"
    return None


def _changes(node: Any) -> tuple[tuple[str, str], ...]:
    """Names as written, of what DROP, ALTER and RENAME are about; triggers and the like are parts of their table."""
    found: list[tuple[str, str]] = []
    if isinstance(node, ast.DropStmt) and node.removeType not in _PARTS_OF_TABLES:
        for item in node.objects:
            target = item.objname if isinstance(item, ast.ObjectWithArgs) else item
            target = item.names if isinstance(item, ast.TypeName) else target
            if isinstance(target, ast.String):
                found.append(("schema", target.sval))
            elif parse.is_name(target):
                found.append(("object", ".".join(part.sval for part in target)))
    elif isinstance(node, ast.AlterTableStmt | ast.RenameStmt) and node.relation is not None:
        names = (node.relation.schemaname, node.relation.relname)
        found.append(("object", ".".join(name for name in names if name)))
    return tuple(dict.fromkeys(found))
