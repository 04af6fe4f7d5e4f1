"""One small change at a time: every mutant of the rules, live views and reports of a family, by parse tree."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pglast import ast, enums, keywords, parser
from pglast.stream import RawStream

from tidemark import files, project
from tidemark.deploy.statements.parse import walk
from tidemark.files import SqlFile

LAYERS = ("rules", "live", "actions")
EDGES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "="}
AROUND = 40


@dataclass(frozen=True)
class Mutant:
    """One change. ``text``: the statement with it; ``change``: in words, numbered within the statement.

    ``where``: what it makes of the statement, with a few words around it.
    """

    path: str
    name: str
    change: str
    text: str
    where: str

    @property
    def digest(self) -> str:
        """What a kept verdict is found by: other texts are other mutants."""
        return hashlib.sha256(f"{self.path}\n{self.text}".encode()).hexdigest()[:16]


def mutants(family: str) -> Iterator[Mutant]:
    """Every change of every object of a family."""
    for file in files.rerunnable(project.shipped((family,))):
        parts = file.path.split("/")
        if len(parts) > 3 and parts[1] == family and parts[2] in LAYERS:
            yield from of_file(file)


def of_file(file: SqlFile) -> Iterator[Mutant]:
    """Every change of the view or SQL function that a file holds."""
    for raw in parser.parse_sql(file.text):
        statement = raw.stmt
        is_function = isinstance(statement, ast.CreateFunctionStmt) and statement.sql_body is not None
        if not (is_function or isinstance(statement, ast.ViewStmt)):
            continue
        text = written(statement)
        for number in range(len(changes(parser.parse_sql(text)[0].stmt))):
            tree = parser.parse_sql(text)[0].stmt
            words, change = changes(tree)[number]
            change()
            changed = written(tree)
            if changed == text:  # a name that is not written, such as the = of NULLIF
                continue
            yield Mutant(file.path, file.name, f"{words}, change {number + 1}", changed, difference(text, changed))


def written(statement: Any) -> str:
    """A statement as text that can be parsed again: pglast leaves names of parameters without their quotes."""
    quoted = [
        one
        for one in getattr(statement, "parameters", None) or ()
        if one.name in keywords.COL_NAME_KEYWORDS | keywords.RESERVED_KEYWORDS
    ]
    for one in quoted:
        one.name = f'"{one.name}"'
    text = str(RawStream()(statement))
    for one in quoted:
        one.name = one.name[1:-1]
    return text


def difference(old: str, new: str) -> str:
    """The first place at which two texts differ, as the new one has it."""
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return new[max(0, at - AROUND) : at + AROUND]


def changes(tree: Any) -> list[tuple[str, Callable[[], None]]]:
    """Every change that can be made in a tree, in its order: in words, and as what makes it."""
    found: list[tuple[str, Callable[[], None]]] = []
    for node in walk(tree):
        if isinstance(node, ast.A_Expr) and len(node.name) == 1 and node.name[0].sval in EDGES:
            old = node.name[0].sval
            found.append(
                (f"{old} becomes {EDGES[old]}", partial(setattr, node, "name", (ast.String(sval=EDGES[old]),)))
            )
        elif isinstance(node, ast.A_Const) and isinstance(node.val, ast.Integer):
            value = node.val.ival or 0
            found.append((f"{value} becomes {value + 1}", partial(setattr, node, "val", ast.Integer(ival=value + 1))))
        elif isinstance(node, ast.BoolExpr) and node.boolop != enums.BoolExprType.NOT_EXPR:
            is_and = node.boolop == enums.BoolExprType.AND_EXPR
            other = enums.BoolExprType.OR_EXPR if is_and else enums.BoolExprType.AND_EXPR
            found.append(("AND becomes OR" if is_and else "OR becomes AND", partial(setattr, node, "boolop", other)))
        elif isinstance(node, ast.NullTest):
            is_null = node.nulltesttype == enums.NullTestType.IS_NULL
            other = enums.NullTestType.IS_NOT_NULL if is_null else enums.NullTestType.IS_NULL
            words = "IS NULL becomes IS NOT NULL" if is_null else "IS NOT NULL becomes IS NULL"
            found.append((words, partial(setattr, node, "nulltesttype", other)))
        elif isinstance(node, ast.CoalesceExpr):
            found.append(("coalesce loses its default", partial(setattr, node, "args", node.args[:1])))
        elif isinstance(node, ast.JoinExpr) and node.quals is not None and node.jointype in _JOINS:
            other = _JOINS[node.jointype]
            words = f"{_name(node.jointype)} join becomes {_name(other)}"
            found.append((words, partial(setattr, node, "jointype", other)))
        elif isinstance(node, ast.SortBy):
            is_down = node.sortby_dir == enums.SortByDir.SORTBY_DESC
            other = enums.SortByDir.SORTBY_ASC if is_down else enums.SortByDir.SORTBY_DESC
            found.append(("a sort order is turned", partial(setattr, node, "sortby_dir", other)))
        elif isinstance(node, ast.CaseExpr) and len(node.args) > 1:
            found.append(("CASE loses its first branch", partial(setattr, node, "args", node.args[1:])))
    return found


_JOINS = {
    enums.JoinType.JOIN_LEFT: enums.JoinType.JOIN_INNER,
    enums.JoinType.JOIN_INNER: enums.JoinType.JOIN_LEFT,
}


def _name(kind: Any) -> str:
    return enums.JoinType(kind).name.removeprefix("JOIN_").lower()
