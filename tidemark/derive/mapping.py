"""The mappings of a live view: for each source the query over ``changed`` that names the keys a change concerns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast
from tidemark.derive import expressions, tree
from tidemark.derive import flat as flats
from tidemark.derive.expressions import items_of
from tidemark.derive.flat import Flat
from tidemark.derive.tree import Schema, Unreadable

EVERY_KEY = "all"
MOST_BRANCHES = 24


@dataclass(frozen=True)
class Mapping:
    """How a change of one source becomes keys: a query, or ``all``, with the construct that forces it."""

    source: str
    mapping: str
    reason: str | None = None


def derived(
    schema: Schema, definition: str, columns: tuple[str, ...], key: tuple[str, ...], sources: Collection[str]
) -> list[Mapping]:
    """One mapping a source, in their order. ``sources``: everything the engine captures for the view."""
    try:
        query = tree.opened(schema, definition, columns)
    except Unreadable as error:
        return [Mapping(name, EVERY_KEY, f"{error} is not looked into") for name in sources]
    found = []
    for name in sources:
        numbers = [base.number for base in query.bases() if base.source == name]
        if not numbers:
            found.append(Mapping(name, EVERY_KEY, "it is read inside a function, which is not looked into"))
            continue
        found.append(_of_source(schema, query, name, numbers, key))
    return found


def _of_source(schema: Schema, query: tree.Query, name: str, numbers: list[int], key: tuple[str, ...]) -> Mapping:
    shared: set[str] | None = None
    bodies: list[tuple[dict[str, Any], str, str]] = []
    for number in numbers:
        flat = flats.laid(schema, query, number)
        written = _Writer(schema, flat, key)
        if not written.columns:
            construct = flat.reasons[0] if flat.reasons else _what_is_missing(flat, key)
            return Mapping(name, EVERY_KEY, f"{construct}: a change may concern every key")
        shared = set(written.columns) if shared is None else shared & set(written.columns)
        bodies += written.branches()
    if not shared or len(bodies) > MOST_BRANCHES:
        reason = "its occurrences lead to different columns of the key" if not shared else "too many optional joins"
        return Mapping(name, EVERY_KEY, f"{reason}: a change may concern every key")
    columns = [column for column in key if column in shared]
    texts = []
    for values, source, where in bodies:
        targets = ", ".join(f"{parse.text_of(values[column])} AS {quoted(column)}" for column in columns)
        texts.append(f"SELECT {targets}\nFROM {source}{where}")
    texts = list(dict.fromkeys(texts))
    part = None
    if len(columns) < len(key):
        part = f"only {', '.join(columns)} of the key can be told from a change"
    return Mapping(name, "\nUNION\n".join(texts), part)


def _what_is_missing(flat: Flat, key: tuple[str, ...]) -> str:
    if all(flat.outputs.get(column) is None for column in key):
        return "a key that is computed by an aggregate, a window, a subquery or the clock"
    return "no condition that leads from it to the key"


class _Writer:
    """Writes the branches of one occurrence."""

    def __init__(self, schema: Schema, flat: Flat, key: tuple[str, ...]) -> None:
        self._schema = schema
        self._flat = flat
        self._paths = self._found_paths()
        self.columns = [
            column
            for column in key
            if (value := flat.outputs.get(column)) is not None and items_of(value) <= set(self._paths)
        ]

    def _found_paths(self) -> dict[str, frozenset[str]]:
        """Every item that equalities lead to from the changed one, with the items on the way, itself included."""
        paths = {self._flat.changed: frozenset({self._flat.changed})}
        waiting = [self._flat.changed]
        while waiting:
            here = waiting.pop(0)
            for condition in self._flat.conditions:
                new = condition.items - set(paths)
                is_way = condition.is_link and here in condition.items and condition.holds_among(condition.items)
                if is_way and len(new) == 1:
                    (name,) = new
                    paths[name] = new.union(*(paths[one] for one in condition.items - new))
                    waiting.append(name)
        return paths

    def branches(self) -> list[tuple[dict[str, Any], str, str]]:
        """Values of the key columns, FROM and WHERE of each branch."""
        outputs = self._flat.variants or [self._flat.outputs]
        found = []
        for values in outputs:
            wanted = {column: values[column] for column in self.columns}
            needed = set().union(*(items_of(value) for value in wanted.values()), {self._flat.changed})
            optional = sorted(name for name in needed if self._flat.items[name].is_optional)
            for size in range(len(optional) + 1):
                for gone in combinations(optional, size):
                    branch = self._branch(wanted, needed, set(gone))
                    if branch:
                        found.append(branch)
        return found

    def _branch(
        self, values: dict[str, Any], needed: set[str], gone: set[str]
    ) -> tuple[dict[str, Any], str, str] | None:
        """``gone``: optional items that matched nothing, so that their columns are NULL.

        An item that is in one optional part with the changed one goes with it, and is still a way to others: they are
        found by the rows that the part had, or has. Any other is not joined, nor is what only it leads to.
        """
        items = frozenset().union(*(self._paths[name] for name in needed - gone), {self._flat.changed})
        together = set().union(*self._flat.items[self._flat.changed].parts)
        if (gone & items) - together - {self._flat.changed}:
            return None
        conditions = [one for one in self._flat.conditions if one.holds_among(items)]
        shown = {column: self._without(value, gone) for column, value in values.items()}
        names = sorted(items, key=lambda name: (name != self._flat.changed, int(name[1:])))
        source = ", ".join(self._relation(name) for name in names)
        where = (
            "\nWHERE " + "\n    AND ".join(dict.fromkeys(expressions.conjunct(one.tree) for one in conditions))
            if conditions
            else ""
        )
        return shown, source, where

    def _without(self, value: Any, gone: set[str]) -> Any:
        """An expression in which the columns of items that were not matched are NULL, of their own type."""
        if isinstance(value, tuple):
            return tuple(self._without(item, gone) for item in value)
        if isinstance(value, ast.ColumnRef):
            name = value.fields[0].sval
            if name not in gone:
                return value
            words = ("(SELECT", parse.text_of(value), "FROM", self._relation(name), "WHERE FALSE)")
            return expressions.of_text(" ".join(words))
        if isinstance(value, ast.Node):
            return type(value)(**{part: self._without(getattr(value, part), gone) for part in value})
        return value

    def _relation(self, name: str) -> str:
        base = self._flat.items[name].base
        told = "changed" if name == self._flat.changed else bare(base.source, self._schema.sources)
        renamed = base.columns != self._schema.sources[base.source]
        columns = f" ({', '.join(quoted(column) for column in base.columns)})" if renamed else ""
        return f"{told} AS {name}{columns}"


def bare(source: str, sources: Collection[str]) -> str:
    """A source as a mapping writes it: its bare name, or schema and name as one word where two sources share it."""
    name = source.split(".", 1)[1]
    twins = [other for other in sources if other.split(".", 1)[1] == name]
    return quoted(name if len(twins) == 1 else source)


def quoted(name: str) -> str:
    """An identifier, quoted where it must be."""
    return parse.text_of(ast.ColumnRef(fields=(ast.String(sval=name),)))
