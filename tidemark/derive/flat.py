"""One occurrence of a source beside everything it is joined to, with the conditions that must hold between them.

Whatever stands on the way from the occurrence up to the view is laid flat: joins, subqueries, views, and the
subqueries of EXISTS, IN and the like that hold it. A condition is kept only if it holds for every combination of rows
that can have been behind a row of the view; all others are dropped, which makes the result wider.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast, enums
from tidemark.derive import expressions
from tidemark.derive.expressions import Expression, Scope
from tidemark.derive.tree import Base, Join, Part, Query, Schema, Sub, Unknown

Parts = tuple[set[str], ...]


@dataclass(frozen=True)
class Item:
    """One occurrence of a source in FROM. ``parts``: the optional parts it is in, each as its items, which may match
    nothing, all of them together.
    """

    name: str
    base: Base
    parts: Parts

    @property
    def is_optional(self) -> bool:
        return bool(self.parts)


@dataclass(frozen=True)
class Condition:
    """What holds between the items it refers to. ``is_link``: an equality, by which one is found from another.

    ``parts``: the optional parts it belongs to, each as its items. It says nothing while one of them matched nothing.
    """

    tree: Any
    items: frozenset[str]
    is_link: bool
    parts: tuple[set[str], ...] = ()

    def holds_among(self, there: Collection[str]) -> bool:
        """True when it must hold for a combination of these items, all of them matched."""
        return self.items <= set(there) and all(part & set(there) for part in self.parts)


@dataclass
class Flat:
    """The occurrence (``changed``) among its neighbours; ``outputs``: the view's columns over their columns."""

    changed: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    outputs: dict[str, Expression] = field(default_factory=dict)
    variants: list[dict[str, Expression]] = field(default_factory=list)  # of GROUPING SETS: outputs of each set
    reasons: list[str] = field(default_factory=list)  # constructs that made it wider


def laid(schema: Schema, query: Query, number: int) -> Flat:
    """The view laid flat around one occurrence."""
    flat = Flat()
    flat.outputs = _Layer(schema, flat, number).query(query, {}, (), is_top=True)
    return flat


class _Layer:
    def __init__(self, schema: Schema, flat: Flat, number: int) -> None:
        self._schema = schema
        self._flat = flat
        self._number = number

    def query(self, query: Query, around: Scope, parts: Parts, *, is_top: bool = False) -> dict[str, Expression]:
        """Adds the items of a query and gives its columns."""
        is_way = query.holds(self._number)
        if query.arms:
            if not is_way:
                return dict.fromkeys(query.columns)
            arm = next(arm for arm in query.arms if arm.holds(self._number))
            found = self.query(arm, around, parts)
            values = [found.get(name) for name in arm.columns]
            if query.node.limitCount or query.node.limitOffset:
                return self._narrowed(query, dict.fromkeys(query.columns), "LIMIT")
            return dict(zip(query.columns, values, strict=False))
        if query.node.valuesLists:
            return dict.fromkeys(query.columns)
        if self._is_always_there(query):
            parts = (*parts, set())
        scope: dict[str, Mapping[str, Expression]] = dict(around)
        for part in query.parts:
            scope |= self._part(part, scope, parts)
        self._conditions(query.node.whereClause, scope, parts)
        for link, inner in query.links:
            if inner.holds(self._number):
                self._link(link, inner, scope, parts)
        return self._outputs(query, scope, is_way=is_way, is_top=is_top)

    def _part(self, part: Part, scope: Scope, parts: Parts) -> dict[str, Mapping[str, Expression]]:
        if isinstance(part, Base):
            name = f"r{part.number}"
            if part.number == self._number:
                self._flat.changed = name
            self._flat.items[name] = Item(name, part, parts)
            for around in parts:
                around.add(name)
            return {part.alias: {column: expressions.column(name, column) for column in part.columns}}
        if isinstance(part, Sub):
            found = self.query(part.query, {} if part.is_closed else scope, parts)
            values = [found.get(name) for name in part.query.columns]
            if parts:  # a constant, say, is NULL too when nothing matched
                values = [value if isinstance(value, ast.ColumnRef) else None for value in values]
            return {part.alias: dict(zip(part.columns, values, strict=False))}
        if isinstance(part, Join):
            optional: tuple[set[str], ...] = ()
            sides: list[dict[str, Mapping[str, Expression]]] = []
            for side, is_optional in ((part.left, part.makes_left_null), (part.right, part.makes_right_null)):
                own: tuple[set[str], ...] = (set(),) if is_optional else ()
                optional += own
                here = {**scope, **sides[0]} if sides else scope
                sides.append(self._part(side, here, (*parts, *own)))
            left, right = sides
            here = {**scope, **left, **right}
            # what joins an optional side holds whenever that side is there
            self._conditions(part.condition, here, (*parts, *optional))
            for name in part.using:
                pair = (expressions.only(left, name), expressions.only(right, name))
                if pair[0] is not None and pair[1] is not None:
                    self._keep(expressions.equal(*pair), (*parts, *optional))
            return {**left, **right, **self._merged(part, left, right)}
        assert isinstance(part, Unknown)
        return {part.alias: {}}

    def _merged(self, part: Join, left: Scope, right: Scope) -> dict[str, Mapping[str, Expression]]:
        """Columns of USING, which go by their bare name."""
        found = {}
        for name in part.using:
            one, other = expressions.only(left, name), expressions.only(right, name)
            both = part.makes_left_null and part.makes_right_null
            found[name] = None if both else (other if part.makes_left_null else one)
        return {f"\0{name}": {name: value} for name, value in found.items()}

    def _conditions(self, tree: Any, scope: Scope, parts: Parts) -> None:
        for one in expressions.conjuncts(tree):
            expression = self._expression(one, scope)
            if expression is not None:
                self._keep(expression, parts)

    def _keep(self, expression: Any, parts: Parts) -> None:
        """``parts``: the optional parts around the place where the condition is asked.

        Of an item that is optional there it may be asked when that matched nothing; only an equality of two columns
        says by itself that it did match.
        """
        items = frozenset(expressions.items_of(expression))
        is_safe = all(len(self._flat.items[name].parts) <= len(parts) for name in items) or expressions.is_of_columns(
            expression
        )
        if items and is_safe:
            is_link = expressions.is_equality(expression)
            self._flat.conditions.append(Condition(expression, items, is_link, parts))

    def _link(self, link: Any, inner: Query, scope: Scope, parts: Parts) -> None:
        """The way goes through EXISTS, IN or a scalar subquery: its rows concern those they are compared with."""
        found = self.query(inner, scope, parts)
        is_in = enums.SubLinkType(link.subLinkType).name == "ANY_SUBLINK" and len(inner.columns) == 1
        if not is_in or (link.operName and link.operName[-1].sval != "="):
            return
        asked = self._expression(link.testexpr, scope)
        given = found.get(inner.columns[0])
        if asked is None or given is None:
            return
        equal = expressions.equal(asked, given)
        if not (self._is_required(asked) and self._is_required(given)):
            # NULL on either side makes IN and NOT IN unknown rather than false
            unknown = " OR ".join(f"{parse.text_of(side)} IS NULL" for side in (asked, given))
            equal = expressions.of_text(f"({parse.text_of(equal)} OR {unknown})")
        self._flat.conditions.append(Condition(equal, frozenset(expressions.items_of(equal)), is_link=True))

    def _is_required(self, expression: Any) -> bool:
        if not isinstance(expression, ast.ColumnRef):
            return False
        item, column = (part.sval for part in expression.fields)
        here = self._flat.items[item]
        name = self._schema.sources[here.base.source][here.base.columns.index(column)]
        return not here.is_optional and (here.base.source, name) in self._schema.required

    def _outputs(self, query: Query, scope: Scope, *, is_way: bool, is_top: bool) -> dict[str, Expression]:
        """The columns of a query that are the same for every row that one combination of rows can concern."""
        node = query.node
        values = [self._expression(target.val, scope) for target in node.targetList or ()]
        outputs = dict(zip(query.columns, values, strict=False))
        if is_way and (node.limitCount or node.limitOffset):
            return self._narrowed(query, dict.fromkeys(outputs), "LIMIT")
        if node.distinctClause and node.distinctClause[0] is not None:
            outputs = self._within(query, outputs, node.distinctClause, scope, "DISTINCT ON") if is_way else outputs
        for window in expressions.windows(node) if is_way else ():
            outputs = self._within(query, outputs, window.partitionClause or (), scope, "a window")
        has_aggregate = any(self._has_aggregate(target.val) for target in node.targetList or ())
        if node.groupClause:
            if any(isinstance(item, ast.GroupingSet) for item in node.groupClause):
                return self._rolled_up(query, outputs, scope, is_top=is_top)
            return self._within(query, outputs, node.groupClause, scope, "GROUP BY")
        if has_aggregate or node.havingClause:
            return self._narrowed(query, dict.fromkeys(outputs), "an aggregate without GROUP BY")
        return outputs

    def _within(
        self, query: Query, outputs: dict[str, Expression], allowed: Any, scope: Scope, construct: str
    ) -> dict[str, Expression]:
        """Only the columns that are among these expressions: rows of other values of the rest are concerned too."""
        texts = {parse.text_of(found) for item in allowed if (found := self._expression(item, scope)) is not None}
        kept = {
            name: value
            if value is not None and (parse.text_of(value) in texts or not expressions.items_of(value))
            else None
            for name, value in outputs.items()
        }
        return self._narrowed(query, kept, construct) if kept != outputs else outputs

    def _narrowed(self, query: Query, outputs: dict[str, Expression], construct: str) -> dict[str, Expression]:
        if query.holds(self._number):
            self._flat.reasons.append(construct)
        return outputs

    def _rolled_up(
        self, query: Query, outputs: dict[str, Expression], scope: Scope, *, is_top: bool
    ) -> dict[str, Expression]:
        """Keys of roll-ups: a column that a grouping set leaves out is NULL there."""
        texts = [
            {parse.text_of(found) for item in one if (found := self._expression(item, scope)) is not None}
            for one in expressions.grouping_sets(query.node.groupClause)
        ]
        grouped: set[str] = set().union(*texts) if is_top else set(texts[0]).intersection(*texts)
        known = {
            name: value if value is not None and parse.text_of(value) in grouped else None
            for name, value in outputs.items()
        }
        if is_top:
            self._flat.variants = [
                {
                    name: value if value is None or parse.text_of(value) in one else expressions.null_like(value)
                    for name, value in known.items()
                }
                for one in texts
            ]
        return self._narrowed(query, known, "GROUPING SETS") if known != outputs else known

    def _is_always_there(self, query: Query) -> bool:
        """True for a query that gives a row whatever its conditions say: an aggregate over everything."""
        node = query.node
        if any(isinstance(item, ast.GroupingSet) for item in node.groupClause or ()):
            return True
        has_aggregate = any(self._has_aggregate(target.val) for target in node.targetList or ())
        return not node.groupClause and bool(has_aggregate or node.havingClause)

    def _has_aggregate(self, tree: Any) -> bool:
        return any(
            isinstance(node, ast.FuncCall) and node.over is None
            and (node.agg_star or node.agg_within_group or node.funcname[-1].sval in self._schema.aggregates)
            for node in parse.walk(tree)
        )  # fmt: skip

    def _is_safe(self, call: Any) -> bool:
        return call.over is None and expressions.dotted(call.funcname) in self._schema.safe

    def _expression(self, tree: Any, scope: Scope) -> Expression:
        """The same over the items; None when a part of it is not known, or may differ from one moment to the next."""
        if tree is None or self._has_aggregate(tree):
            return None
        for node in parse.walk(tree):
            if isinstance(node, ast.SubLink | ast.SQLValueFunction | ast.GroupingFunc | ast.ParamRef):
                return None
            if isinstance(node, ast.FuncCall) and (
                node.over is not None or expressions.dotted(node.funcname) not in self._schema.safe
            ):
                return None
            if isinstance(node, ast.A_Expr) and len(node.name or ()) > 1 and node.name[0].sval != "pg_catalog":
                return None
        try:
            return expressions.rewritten(tree, scope)
        except KeyError:
            return None


def _is_among(value: Expression, texts: set[str]) -> bool:
    """True for one of these expressions, and for a constant, which is the same in every row."""
    return value is not None and (parse.text_of(value) in texts or not expressions.items_of(value))
