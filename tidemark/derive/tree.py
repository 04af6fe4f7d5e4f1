"""A query opened down to its sources: views, subqueries and CTEs become parts of one tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast, enums


class Unreadable(Exception):
    """A construct that is not looked into; its message names it."""


@dataclass(frozen=True)
class Schema:
    """What the catalogue says. Names are ``schema.name``.

    ``sources``: tables and stored views, with their columns; ``views``: other views, with columns and definition;
    ``required``: columns that are never NULL; ``aggregates``: names of aggregate functions; ``safe``: functions that
    give the same for the same arguments, whatever the clock says; ``also``: second names of sources.
    """

    sources: Mapping[str, tuple[str, ...]]
    views: Mapping[str, tuple[tuple[str, ...], str]]
    required: frozenset[tuple[str, str]] = frozenset()
    aggregates: frozenset[str] = frozenset()
    safe: frozenset[str] = frozenset()
    also: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Base:
    """One occurrence of a source."""

    number: int
    alias: str
    source: str
    columns: tuple[str, ...]


@dataclass
class Sub:
    """A view, subquery or CTE where it is read."""

    alias: str
    columns: tuple[str, ...]
    query: Query
    is_closed: bool  # a view or CTE, which knows nothing of what stands around it


@dataclass
class Join:
    """A join of two parts."""

    left: Part
    right: Part
    makes_left_null: bool
    makes_right_null: bool
    condition: Any
    using: tuple[str, ...]


@dataclass
class Unknown:
    """A function in FROM, or the like: it has no source, and its columns are not looked into."""

    alias: str


Part = Base | Sub | Join | Unknown


@dataclass
class Query:
    """One SELECT, or a set operation of several (``arms``)."""

    node: Any
    columns: tuple[str, ...]
    parts: list[Part] = field(default_factory=list)
    arms: list[Query] = field(default_factory=list)
    links: list[tuple[Any, Query]] = field(
        default_factory=list
    )  # EXISTS, IN and scalar subqueries, with what they ask

    def bases(self) -> Iterator[Base]:
        """Every occurrence of a source, at any depth."""
        for arm in self.arms:
            yield from arm.bases()
        for part in self.parts:
            yield from bases_of(part)
        for _, query in self.links:
            yield from query.bases()

    def holds(self, number: int) -> bool:
        return any(base.number == number for base in self.bases())


def bases_of(part: Part) -> Iterator[Base]:
    """Every occurrence of a source in a part of FROM."""
    if isinstance(part, Base):
        yield part
    elif isinstance(part, Sub):
        yield from part.query.bases()
    elif isinstance(part, Join):
        yield from bases_of(part.left)
        yield from bases_of(part.right)


def opened(schema: Schema, definition: str, columns: tuple[str, ...]) -> Query:
    """The tree of a view's definition.

    Errors: Unreadable, naming the construct.
    """
    return _Opener(schema).query(_select(definition), {}, columns)


def _select(definition: str) -> Any:
    return parse.tree_of(definition)


class _Opener:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._count = 0

    def query(self, node: Any, ctes: Mapping[str, Any], columns: tuple[str, ...] = ()) -> Query:
        if not isinstance(node, ast.SelectStmt):
            raise Unreadable(f"{type(node).__name__.removesuffix('Stmt')} in a view")
        if node.withClause:
            if node.withClause.recursive and _is_recursive(node.withClause):
                raise Unreadable("WITH RECURSIVE")
            for item in node.withClause.ctes:
                ctes = {**ctes, item.ctename: (item, ctes)}
        if node.op != enums.SetOperation.SETOP_NONE:
            arms = [self.query(node.larg, ctes), self.query(node.rarg, ctes)]
            return Query(node, columns or arms[0].columns, arms=arms)
        if node.valuesLists:
            return Query(node, columns or tuple(f"column{n + 1}" for n in range(len(node.valuesLists[0]))))
        found = Query(node, columns or tuple(name_of(target) for target in node.targetList or ()))
        found.parts = [self._part(item, ctes) for item in node.fromClause or ()]
        found.links = [(link, self.query(link.subselect, ctes)) for link in _links(node)]
        return found

    def _part(self, item: Any, ctes: Mapping[str, Any]) -> Part:
        if isinstance(item, ast.RangeVar):
            return self._relation(item, ctes)
        if isinstance(item, ast.RangeSubselect):
            alias = item.alias.aliasname if item.alias else ""
            return self._sub(alias, item.alias, self.query(item.subquery, ctes), is_closed=False)
        if isinstance(item, ast.JoinExpr):
            if item.alias:
                raise Unreadable("a join with an alias of its own")
            kind = enums.JoinType(item.jointype).name
            return Join(
                self._part(item.larg, ctes),
                self._part(item.rarg, ctes),
                kind in ("JOIN_RIGHT", "JOIN_FULL"),
                kind in ("JOIN_LEFT", "JOIN_FULL"),
                item.quals,
                tuple(name.sval for name in item.usingClause or ()),
            )
        alias = getattr(item, "alias", None)
        return Unknown(alias.aliasname if alias else "")

    def _relation(self, item: Any, ctes: Mapping[str, Any]) -> Part:
        alias = item.alias.aliasname if item.alias else item.relname
        if item.schemaname is None and item.relname in ctes:
            cte, around = ctes[item.relname]
            names = tuple(name.sval for name in cte.aliascolnames or ())
            return self._sub(alias, item.alias, self.query(cte.ctequery, around, names))
        name = parse.relation_of(item)
        name = self._schema.also.get(name, name)
        if name in self._schema.sources:
            columns = _renamed(self._schema.sources[name], item.alias)
            self._count += 1
            return Base(self._count, alias, name, columns)
        if name in self._schema.views:
            columns, definition = self._schema.views[name]
            return self._sub(alias, item.alias, self.query(_select(definition), {}, columns))
        return Unknown(alias)

    def _sub(self, alias: str, given: Any, query: Query, *, is_closed: bool = True) -> Sub:
        return Sub(alias, _renamed(query.columns, given), query, is_closed)


def _renamed(columns: tuple[str, ...], alias: Any) -> tuple[str, ...]:
    names = tuple(name.sval for name in (alias.colnames or ())) if alias else ()
    return names + columns[len(names) :]


def _is_recursive(clause: Any) -> bool:
    for item in clause.ctes:
        for node in parse.walk(item.ctequery):
            if isinstance(node, ast.RangeVar) and node.schemaname is None and node.relname == item.ctename:
                return True
    return False


def _links(node: Any) -> list[Any]:
    """The subqueries of the expressions of a SELECT itself, not those inside of others."""
    found: list[Any] = []

    def look(tree: Any) -> None:
        if isinstance(tree, tuple):
            for item in tree:
                look(item)
        elif isinstance(tree, ast.SubLink):
            found.append(tree)
            look(tree.testexpr)
        elif isinstance(tree, ast.RangeSubselect | ast.SelectStmt | ast.RangeVar):
            return
        elif isinstance(tree, ast.Node):
            for part in tree:
                look(getattr(tree, part))

    for part in node:
        if part != "withClause":
            look(getattr(node, part))
    return found


def name_of(target: Any) -> str:
    if target.name:
        return str(target.name)
    if isinstance(target.val, ast.ColumnRef) and isinstance(target.val.fields[-1], ast.String):
        return str(target.val.fields[-1].sval)
    if isinstance(target.val, ast.FuncCall):
        return str(target.val.funcname[-1].sval)
    return "?column?"
