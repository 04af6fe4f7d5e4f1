"""Whether the clock decides which rows a live view has, and not only what stands in them.

For each query on the way two things are kept: whether its rows may come or go with the clock, and which of its
columns may change with it. What is left when those columns are taken away is the same at any time as long as no table
changes, repetitions included. When in doubt, the clock decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast, enums
from tidemark.derive.expressions import dotted
from tidemark.derive.rows import Reason, Rows, Scope, by_name, column, is_null_or, is_star, renamed, root, short
from tidemark.derive.tree import Schema, name_of

CLOCK = ("refresh.now", "refresh.as_of_date")
MOST_ROUNDS = 20


@dataclass(frozen=True)
class Functions:
    """What is the same at any time: functions, aggregates, window functions and operators, by name.

    ``sets``: functions that return several rows; ``looked_for``: those that do not stay the same and that views call:
    one that is not found in a definition is called in a way nobody sees.
    """

    timeless: frozenset[str]
    sets: frozenset[str]
    looked_for: frozenset[str] = frozenset()


def gap(
    schema: Schema, functions: Functions, definition: str, columns: tuple[str, ...], key: Collection[str]
) -> Reason:
    """Why time alone may bring rows of a view that no stored row tells of; None: proved that it brings none."""
    looker = _Looker(schema, functions)
    try:
        rows = looker.query(parse.tree_of(definition), {}, Scope(), columns)
    except _NotLookedInto as error:
        return f"{error} is not looked into"
    if rows.moved:
        return rows.moved
    unseen = functions.looked_for - looker.seen
    if unseen:
        return f"a call of {min(unseen)}() that is not looked into"
    return next((f"its key, {name} changes with {why}" for name in key if (why := rows.columns.get(name))), None)


class _NotLookedInto(Exception):
    """A construct, named."""


class _Looker:
    def __init__(self, schema: Schema, functions: Functions) -> None:
        self._schema = schema
        self._functions = functions
        self.seen: set[str] = set()

    def query(self, node: Any, ctes: Mapping[str, Rows], around: Scope, names: tuple[str, ...] = ()) -> Rows:
        if not isinstance(node, ast.SelectStmt):
            raise _NotLookedInto(type(node).__name__.removesuffix("Stmt"))
        for item in node.withClause.ctes if node.withClause else ():
            given = tuple(name.sval for name in item.aliascolnames or ())
            ctes = {**ctes, item.ctename: self._cte(item, ctes, around, given, bool(node.withClause.recursive))}
        if node.op != enums.SetOperation.SETOP_NONE:
            return self._set_operation(node, ctes, around, names)
        if node.valuesLists:
            return self._values(node, ctes, around, names)
        return self._select(node, ctes, around, names)

    def _cte(
        self, item: Any, ctes: Mapping[str, Rows], around: Scope, names: tuple[str, ...], may_recur: bool
    ) -> Rows:
        """A recursive one is looked at until nothing more turns out to move."""
        query = item.ctequery
        if not (may_recur and getattr(query, "larg", None)):
            return self.query(query, ctes, around, names)
        found = self.query(query.larg, ctes, around, names)
        names = tuple(found.columns)
        for _ in range(MOST_ROUNDS):
            again = self.query(query, {**ctes, item.ctename: found}, around, names)
            if again == found or again.moved:
                return again
            found = again
        raise _NotLookedInto("WITH RECURSIVE")

    def _set_operation(self, node: Any, ctes: Mapping[str, Rows], around: Scope, names: tuple[str, ...]) -> Rows:
        left, right = (self.query(arm, ctes, around) for arm in (node.larg, node.rarg))
        pairs = list(zip(left.columns.values(), right.columns.values(), strict=False))
        columns = dict(zip(_given(names, tuple(left.columns)), (one or other for one, other in pairs), strict=True))
        moved = left.moved or right.moved
        any_column = next((reason for reason in columns.values() if reason), left.others or right.others)
        kind = enums.SetOperation(node.op).name.removeprefix("SETOP_")
        if any_column and not (kind == "UNION" and node.all):
            moved = moved or f"{kind} compares a column that changes with {any_column}"
        return self._limited(node, Rows(columns, moved, others=left.others or right.others), any_column, around, ctes)

    def _values(self, node: Any, ctes: Mapping[str, Rows], around: Scope, names: tuple[str, ...]) -> Rows:
        given = _given(names, tuple(f"column{place + 1}" for place in range(len(node.valuesLists[0]))))
        values = zip(*node.valuesLists, strict=True)
        columns = {name: self._reason(value, around, ctes) for name, value in zip(given, values, strict=True)}
        return self._limited(node, Rows(columns, None, len(node.valuesLists) == 1), None, around, ctes)

    def _select(self, node: Any, ctes: Mapping[str, Rows], around: Scope, names: tuple[str, ...]) -> Rows:
        frame: dict[str, Rows] = {}
        moved: Reason = None
        is_single = True
        for item in node.fromClause or ():
            found, its_moved, its_single = self._part(item, ctes, around, frame)
            frame |= found
            moved = moved or its_moved
            is_single = is_single and its_single
        scope = around.within(frame)
        scope = Scope(scope.frames, {one.name: self._reason(one, scope, ctes) for one in node.windowClause or ()})
        moved = moved or self._asked("WHERE", node.whereClause, scope, ctes)
        targets = node.targetList or ()
        reasons = [self._reason(target.val, scope, ctes) for target in targets]
        having = self._reason(node.havingClause, scope, ctes)
        has_aggregates = [self._has_aggregate(target.val) for target in targets]
        if node.groupClause:
            moved = moved or self._asked("GROUP BY", node.groupClause, scope, ctes)
            is_single = False
        elif any(has_aggregates) or node.havingClause:  # one row, whatever is behind it
            reasons = [
                reason or (root(moved) if has else None) for reason, has in zip(reasons, has_aggregates, strict=True)
            ]
            having = having or (root(moved) if self._has_aggregate(node.havingClause) else None)
            moved = None
            is_single = True
        if having:
            moved = moved or f"HAVING asks {having}: {short(node.havingClause)}"
        for target, reason in zip(targets, reasons, strict=True):
            if self._returns_set(target.val):
                is_single = False
                moved = moved or (
                    f"a function that returns rows takes {reason}: {short(target.val)}" if reason else None
                )
        if any(is_star(target.val) for target in targets):
            raise _NotLookedInto("*")
        given = _given(names, tuple(name_of(target) for target in targets))
        columns = dict(zip(given, reasons, strict=True))
        sort = next((why for one in node.sortClause or () if (why := self._reason(one, scope, ctes))), None)
        if node.distinctClause:
            if node.distinctClause[0] is None:
                why = Rows(columns).any_column
                moved = moved or (f"DISTINCT compares a column that changes with {why}" if why else None)
            else:
                moved = moved or self._asked("DISTINCT ON", node.distinctClause, scope, ctes)
                if sort:  # which row of each stays, but not how many
                    kept = {parse.text_of(one) for one in node.distinctClause}
                    is_kept = [parse.text_of(target.val) in kept for target in targets]
                    columns = {
                        name: why if is_kept[place] else sort for place, (name, why) in enumerate(columns.items())
                    }
        return self._limited(node, Rows(columns, moved, is_single), sort, scope, ctes)

    def _limited(self, node: Any, rows: Rows, sort: Reason, scope: Scope, ctes: Mapping[str, Rows]) -> Rows:
        """LIMIT and OFFSET: the order decides which rows stay, not how many."""
        limits = [one for one in (node.limitCount, node.limitOffset) if one is not None and not is_null_or(one, 0)]
        asked = next((why for one in limits if (why := self._reason(one, scope, ctes))), None)
        if asked:
            return Rows(rows.columns, rows.moved or f"LIMIT asks {asked}", rows.is_single, rows.others)
        with_ties = enums.LimitOption(node.limitOption).name == "LIMIT_OPTION_WITH_TIES"
        if sort and limits:
            if with_ties:
                return Rows(rows.columns, rows.moved or f"LIMIT WITH TIES by an order that changes with {sort}")
            rows = Rows(dict.fromkeys(rows.columns, sort), rows.moved, rows.is_single, sort)
        is_single = rows.is_single or (is_null_or(node.limitCount, 1, null=False) and not with_ties)
        return Rows(rows.columns, rows.moved, is_single, rows.others)

    def _part(
        self, item: Any, ctes: Mapping[str, Rows], around: Scope, before: Mapping[str, Rows]
    ) -> tuple[dict[str, Rows], Reason, bool]:
        """An entry of FROM: its names, whether its rows move, whether it is never more than one row."""
        if isinstance(item, ast.JoinExpr):
            return self._join(item, ctes, around, before)
        scope = around.within(before)
        if isinstance(item, ast.RangeVar):
            rows, alias = self._relation(item, ctes), item.alias.aliasname if item.alias else item.relname
        elif isinstance(item, ast.RangeSubselect):
            rows = self.query(item.subquery, ctes, scope if item.lateral else around)
            alias = item.alias.aliasname if item.alias else ""
        else:  # a function, XMLTABLE, JSON_TABLE, TABLESAMPLE
            rows, alias = (
                self._function(item, scope, ctes),
                item.alias.aliasname if getattr(item, "alias", None) else "",
            )
        return {alias: renamed(rows, getattr(item, "alias", None))}, rows.moved, rows.is_single

    def _relation(self, item: Any, ctes: Mapping[str, Rows]) -> Rows:
        if item.schemaname is None and item.relname in ctes:
            return ctes[item.relname]
        name = parse.relation_of(item)
        name = self._schema.also.get(name, name)
        if name in self._schema.sources:
            return Rows(dict.fromkeys(self._schema.sources[name]))
        if name not in self._schema.views:
            raise _NotLookedInto(name)
        columns, definition = self._schema.views[name]
        return self.query(parse.tree_of(definition), {}, Scope(), columns)

    def _function(self, item: Any, scope: Scope, ctes: Mapping[str, Rows]) -> Rows:
        if isinstance(item, ast.RangeTableSample):
            raise _NotLookedInto("TABLESAMPLE")
        reason = self._reason(item, scope, ctes)
        is_single = isinstance(item, ast.RangeFunction) and not self._returns_set(item)
        moved = None if is_single or not reason else f"a function in FROM takes {reason}: {short(item)}"
        return Rows({}, moved, is_single, reason)

    def _join(
        self, item: Any, ctes: Mapping[str, Rows], around: Scope, before: Mapping[str, Rows]
    ) -> tuple[dict[str, Rows], Reason, bool]:
        left, left_moved, left_single = self._part(item.larg, ctes, around, before)
        right, right_moved, right_single = self._part(item.rarg, ctes, around, {**before, **left})
        here = around.within({**before, **left, **right})
        asked = self._asked("a join condition", item.quals, here, ctes)
        for name in item.usingClause or ():
            why = by_name(left, name.sval) or by_name(right, name.sval)
            asked = asked or (f"a join condition asks {why}: {name.sval}" if why else None)
        kind = enums.JoinType(item.jointype).name
        if kind == "JOIN_LEFT" and right_single and (why := root(right_moved or asked)):
            moved, right = left_moved, {alias: rows.all_moving(why) for alias, rows in right.items()}
        elif kind == "JOIN_RIGHT" and left_single and (why := root(left_moved or asked)):
            moved, left = right_moved, {alias: rows.all_moving(why) for alias, rows in left.items()}
        else:
            moved = left_moved or right_moved or asked
        found = {**left, **right}
        if item.alias:
            why = next((reason for rows in found.values() if (reason := rows.any_column)), None)
            found = {item.alias.aliasname: Rows({}, others=why)}
        return found, moved, left_single and right_single and kind != "JOIN_FULL"

    def _asked(self, construct: str, tree: Any, scope: Scope, ctes: Mapping[str, Rows]) -> Reason:
        why = self._reason(tree, scope, ctes)
        return f"{construct} asks {why}: {short(tree)}" if why else None

    def _reason(self, tree: Any, scope: Scope, ctes: Mapping[str, Rows]) -> Reason:
        """Why the value of an expression may change with the clock."""
        if isinstance(tree, tuple):
            return next((why for one in tree if (why := self._reason(one, scope, ctes))), None)
        if isinstance(tree, ast.ColumnRef):
            return column(tree, scope)
        if isinstance(tree, ast.SQLValueFunction):
            return "the clock of the server"
        if isinstance(tree, ast.SubLink):
            rows = self.query(tree.subselect, ctes, Scope(scope.frames))
            is_exists = enums.SubLinkType(tree.subLinkType).name == "EXISTS_SUBLINK"
            own = rows.moved or (None if is_exists else rows.any_column)
            return root(own) or self._reason(tree.testexpr, scope, ctes)
        if not isinstance(tree, ast.Node):
            return None
        found = self._call(tree, scope)
        return found or next((why for part in tree if (why := self._reason(getattr(tree, part), scope, ctes))), None)

    def _call(self, tree: Any, scope: Scope) -> Reason:
        if isinstance(tree, ast.FuncCall):
            name = dotted(tree.funcname)
            self.seen.add(name)
            if name in CLOCK:
                return "the clock"
            if name not in self._functions.timeless:
                return f"{name}(), which may look at the clock"
            if tree.over is not None and (tree.over.name or tree.over.refname):
                return scope.windows.get(tree.over.name or tree.over.refname, "a window that is not looked into")
        if isinstance(tree, ast.A_Expr) and len(tree.name or ()) > 1 and tree.name[0].sval != "pg_catalog":
            name = dotted(tree.name)
            return None if name in self._functions.timeless else f"operator {name}, which may look at the clock"
        return None

    def _has_aggregate(self, tree: Any) -> bool:
        return any(
            isinstance(node, ast.JsonArrayAgg | ast.JsonObjectAgg)
            or (
                isinstance(node, ast.FuncCall) and node.over is None
                and (node.agg_star or node.agg_within_group or node.funcname[-1].sval in self._schema.aggregates)
            )
            for node in _own(tree)
        )  # fmt: skip

    def _returns_set(self, tree: Any) -> bool:
        return any(
            isinstance(node, ast.FuncCall) and dotted(node.funcname) in self._functions.sets for node in _own(tree)
        )


def _own(tree: Any) -> Iterator[Any]:
    """Every node of an expression but those inside of its subqueries."""
    if isinstance(tree, tuple):
        for item in tree:
            yield from _own(item)
    elif isinstance(tree, ast.SubLink):
        yield from _own(tree.testexpr)
    elif isinstance(tree, ast.Node):
        yield tree
        for part in tree:
            yield from _own(getattr(tree, part))


def _given(names: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """The names of columns in order, each once: no query can ask for a name that two of them have."""
    listed = (*names, *own[len(names) :])
    return tuple(name if name not in listed[:place] else f"{name}\0{place}" for place, name in enumerate(listed))
