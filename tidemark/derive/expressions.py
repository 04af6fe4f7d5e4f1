"""Expressions as trees: columns put in the place of others, conditions taken apart, grouping sets written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast, enums

# An expression over the items of a Flat, their columns written as item.column; None when it is not looked into.
Expression = Any
Scope = Mapping[str, Mapping[str, Expression]]


def rewritten(tree: Any, scope: Scope) -> Any:
    """The same over what the scope puts in the place of each column. Errors: KeyError for one it does not know."""
    if isinstance(tree, tuple):
        return tuple(rewritten(item, scope) for item in tree)
    if isinstance(tree, ast.ColumnRef):
        names = [part.sval if isinstance(part, ast.String) else None for part in tree.fields]
        if None in names or len(names) > 2:
            raise KeyError(names)
        found = scope[str(names[0])][str(names[1])] if len(names) == 2 else only(scope, str(names[0]), must=True)
        if found is None:
            raise KeyError(names)
        return found
    if isinstance(tree, ast.Node):
        return type(tree)(**{part: rewritten(getattr(tree, part), scope) for part in tree})
    return tree


def only(scope: Scope, column: str, *, must: bool = False) -> Expression:
    """A column by its bare name. Errors: KeyError with ``must``, when it is not known which one is meant."""
    merged = scope.get(f"\0{column}")
    found = [merged[column]] if merged else [columns[column] for columns in scope.values() if column in columns]
    if must and len(found) != 1:
        raise KeyError(column)
    return found[0] if found else None


def column(item: str, column: str) -> Any:
    """A column of an item."""
    return ast.ColumnRef(fields=(ast.String(sval=item), ast.String(sval=column)))


def of_text(text: str) -> Any:
    """An expression as a tree."""
    return parse.tree_of(f"SELECT {text}").targetList[0].val


def null_like(value: Any) -> Any:
    """NULL, of the type of an expression."""
    return of_text(f"CASE WHEN FALSE THEN {parse.text_of(value)} END")


def equal(one: Any, other: Any) -> Any:
    """An equality."""
    return ast.A_Expr(kind=enums.A_Expr_Kind.AEXPR_OP, name=(ast.String(sval="="),), lexpr=one, rexpr=other)


def items_of(tree: Any) -> set[str]:
    """The items that an expression refers to."""
    return {node.fields[0].sval for node in parse.walk(tree) if isinstance(node, ast.ColumnRef)}


def is_equality(tree: Any) -> bool:
    """True for an equality between different items."""
    is_operator = isinstance(tree, ast.A_Expr) and tree.kind == enums.A_Expr_Kind.AEXPR_OP
    return bool(is_operator and tree.name[-1].sval == "=" and items_of(tree.lexpr) != items_of(tree.rexpr))


def is_of_columns(tree: Any) -> bool:
    """True for an equality of two plain columns, which is never true of NULL."""
    return is_equality(tree) and all(isinstance(side, ast.ColumnRef) for side in (tree.lexpr, tree.rexpr))


def dotted(name: Any) -> str:
    """A name of several words."""
    return ".".join(part.sval for part in name)


def conjuncts(tree: Any) -> list[Any]:
    """The conditions that AND joins."""
    if tree is None:
        return []
    if isinstance(tree, ast.BoolExpr) and tree.boolop == enums.BoolExprType.AND_EXPR:
        return [one for part in tree.args for one in conjuncts(part)]
    return [tree]


def conjunct(tree: Any) -> str:
    """A condition as text that can stand beside others with AND between them."""
    text = parse.text_of(tree)
    return f"({text})" if isinstance(tree, ast.BoolExpr) and tree.boolop == enums.BoolExprType.OR_EXPR else text


def windows(node: Any) -> list[Any]:
    """The windows of a select list, each as what it is partitioned by."""
    named = {window.name: window for window in node.windowClause or ()}
    found = []
    for call in (one for target in node.targetList or () for one in parse.walk(target)):
        if isinstance(call, ast.FuncCall) and call.over is not None:
            over = call.over
            base = named.get(over.name or over.refname)
            partition = over.partitionClause or (base.partitionClause if base else ())
            found.append(ast.WindowDef(partitionClause=partition))
    return found


def grouping_sets(clause: Any) -> list[list[Any]]:
    """The grouping sets of a GROUP BY, each as its expressions."""
    result: list[list[Any]] = [[]]
    for item in clause:
        choices = _sets_of(item)
        result = [before + choice for before in result for choice in choices]
    return result


def _sets_of(item: Any) -> list[list[Any]]:
    if not isinstance(item, ast.GroupingSet):
        return [list(item.args) if isinstance(item, ast.RowExpr) else [item]]
    content = [_sets_of(one) for one in item.content or ()]
    kind = enums.GroupingSetKind(item.kind).name
    if kind == "GROUPING_SET_EMPTY":
        return [[]]
    if kind == "GROUPING_SET_SETS":
        return [one for choices in content for one in choices]
    parts = [choices[0] for choices in content]
    if kind == "GROUPING_SET_ROLLUP":
        return [[one for part in parts[:n] for one in part] for n in range(len(parts), -1, -1)]
    return [
        [one for place, part in enumerate(parts) if mask >> place & 1 for one in part]
        for mask in range(2 ** len(parts))
    ]  # a cube
