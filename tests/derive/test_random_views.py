"""Views that nobody wrote: joins of every kind with conditions anywhere, subqueries of every kind, random batches.

TIDEMARK_TEST_WALKS multiplies them; a failing one prints its seed and its view.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from tidemark import db

pytestmark = pytest.mark.once

WALKS = int(os.environ.get("TIDEMARK_TEST_WALKS", "1"))
VIEWS = 40 * WALKS
BATCHES = 8
NUMBERS = {"id", "parent_id", "customer_id", "month", "amount", "order_id", "product_id", "qty", "price"}


class Grammar:
    """Writes one random view over {s}.tables; ``key`` are its key columns."""

    def __init__(self, seed: int, tables: dict[str, tuple[str, ...]]) -> None:
        self.draw = random.Random(seed)
        self.tables = tables
        self.count = 0

    def column(self, visible: dict[str, tuple[str, ...]], number: bool = True) -> str:
        alias = self.draw.choice(list(visible))
        fitting = [name for name in visible[alias] if (name in NUMBERS) == number]
        return f"{alias}.{self.draw.choice(fitting or ['id'])}"

    def condition(self, left: dict[str, tuple[str, ...]], right: dict[str, tuple[str, ...]]) -> str:
        both = {**left, **right}
        parts = [f"{self.column(left)} = {self.column(right)}"]
        if self.draw.random() < 0.4:
            parts.append(self.predicate(both))
        if self.draw.random() < 0.1:
            return " OR ".join(parts)
        return " AND ".join(parts)

    def predicate(self, visible: dict[str, tuple[str, ...]]) -> str:
        one, other = self.column(visible), self.column(visible)
        return self.draw.choice(
            (
                f"{one} > {self.draw.randint(0, 3)}",
                f"{one} IS NULL",
                f"{one} IS NOT NULL",
                f"coalesce({one}, 1) = {self.draw.randint(1, 3)}",
                f"{one} = {other}",
                f"NOT ({one} < {other})",
            )
        )

    def source(self, depth: int, outer: dict[str, tuple[str, ...]]) -> tuple[str, dict[str, tuple[str, ...]]]:
        self.count += 1
        alias = f"a{self.count}"
        table = self.draw.choice(list(self.tables))
        if depth and self.draw.random() < 0.3:
            inner, visible = self.joined(depth - 1, {})
            picked = [self.column(visible) for _ in range(2)]
            where = f" WHERE {self.predicate({**visible})}" if self.draw.random() < 0.5 else ""
            if self.draw.random() < 0.5:
                return (
                    f"(SELECT {picked[0]} AS id, count(*) AS month, max({picked[1]}) AS amount FROM {inner}{where} GROUP BY {picked[0]}) AS {alias}",
                    {alias: ("id", "month", "amount")},
                )
            return f"(SELECT {picked[0]} AS id, {picked[1]} AS month FROM {inner}{where}) AS {alias}", {
                alias: ("id", "month")
            }
        return f"{{s}}.{table} AS {alias}", {alias: self.tables[table]}

    def joined(self, depth: int, outer: dict[str, tuple[str, ...]]) -> tuple[str, dict[str, tuple[str, ...]]]:
        text, visible = self.source(depth, outer)
        for _ in range(self.draw.choice((0, 1, 1, 2, 2, 3))):
            kind = self.draw.choice(("JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "LATERAL"))
            if kind == "LATERAL":
                self.count += 1
                alias, inner = f"a{self.count}", self.draw.choice(list(self.tables))
                self.count += 1
                own = {f"a{self.count}": self.tables[inner]}
                name = f"a{self.count}"
                condition = f"{self.column(own)} = {self.column(visible)}"
                if self.draw.random() < 0.4:
                    condition += f" AND {self.predicate({**visible, **own})}"
                body = self.draw.choice(
                    (
                        f"SELECT count(*) AS month FROM {{s}}.{inner} AS {name} WHERE {condition}",
                        f"SELECT {name}.id AS month FROM {{s}}.{inner} AS {name} WHERE {condition} ORDER BY {name}.id LIMIT 1",
                    )
                )
                how = self.draw.choice(("CROSS JOIN LATERAL", "LEFT JOIN LATERAL"))
                text = f"{text} {how} ({body}) AS {alias}" + (" ON TRUE" if how.startswith("LEFT") else "")
                visible = {**visible, alias: ("month",)}
                continue
            other, more = self.source(depth, outer)
            if self.draw.random() < 0.25:
                third, yet = self.source(0, outer)
                inner_kind = self.draw.choice(("JOIN", "LEFT JOIN"))
                other = f"({other} {inner_kind} {third} ON {self.condition(more, yet)})"
                more = {**more, **yet}
            condition = self.condition(visible, more)
            if kind == "FULL JOIN":  # PostgreSQL wants one that can be merged or hashed
                condition = f"{self.column(visible)} = {self.column(more)}"
            text = f"{text} {kind} {other} ON {condition}"
            visible = {**visible, **more}
        return text, visible

    def linked(self, visible: dict[str, tuple[str, ...]]) -> str:
        self.count += 1
        name, table = f"a{self.count}", self.draw.choice(list(self.tables))
        own = {name: self.tables[table]}
        condition = f"{self.column(own)} = {self.column(visible)}"
        if self.draw.random() < 0.4:
            condition += f" AND {self.predicate({**visible, **own})}"
        return self.draw.choice(
            (
                f"EXISTS (SELECT FROM {{s}}.{table} AS {name} WHERE {condition})",
                f"NOT EXISTS (SELECT FROM {{s}}.{table} AS {name} WHERE {condition})",
                f"{self.column(visible)} IN (SELECT {self.column(own)} FROM {{s}}.{table} AS {name})",
                f"{self.column(visible)} NOT IN (SELECT {self.column(own)} FROM {{s}}.{table} AS {name} WHERE {self.predicate(own)})",
                f"(SELECT count(*) FROM {{s}}.{table} AS {name} WHERE {condition}) > 0",
            )
        )

    def view(self) -> tuple[str, tuple[str, ...]]:
        text, visible = self.joined(1, {})
        conditions = [self.predicate(visible) for _ in range(self.draw.choice((0, 0, 1, 2)))]
        conditions += [self.linked(visible) for _ in range(self.draw.choice((0, 0, 1)))]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        columns = [self.column(visible) for _ in range(self.draw.choice((1, 1, 2)))]
        if self.draw.random() < 0.2:
            columns[0] = f"coalesce({columns[0]}, 0)"
        names = [f"k{place}" for place in range(len(columns))]
        listed = ", ".join(f"{column} AS {name}" for column, name in zip(columns, names, strict=True))
        extra = self.column(visible)
        shape = self.draw.choice(("group", "group", "distinct", "having", "window", "union"))
        grouped = (
            f"SELECT {listed}, count(*) AS n, sum({extra}) AS total FROM {text}{where} GROUP BY {', '.join(columns)}"
        )
        if shape == "distinct":
            grouped = f"SELECT DISTINCT {listed} FROM {text}{where}"
        elif shape == "having":
            grouped += f" HAVING count({extra}) > 1"
        elif shape == "window":
            partition = self.draw.choice((columns[0], extra))
            inner = f"SELECT {listed}, rank() OVER (PARTITION BY {partition} ORDER BY {extra}) AS place FROM {text}{where}"
            grouped = (
                f"SELECT {', '.join(names)}, sum(place) AS n FROM ({inner}) AS ranked GROUP BY {', '.join(names)}"
            )
        elif shape == "union":
            other, more = self.joined(0, {})
            second = ", ".join(f"{self.column(more)} AS {name}" for name in names)
            kind = self.draw.choice(("UNION ALL", "UNION", "EXCEPT", "INTERSECT"))
            grouped = f"SELECT {', '.join(names)}, count(*) AS n FROM (SELECT {listed} FROM {text}{where} {kind} SELECT {second} FROM {other}) AS both_arms GROUP BY {', '.join(names)}"
        return grouped, tuple(names)


def test_no_key_is_missed(w: db.Connection, harness: Any) -> None:
    narrow = 0
    for seed in range(VIEWS):
        view, keys = Grammar(seed, harness.TABLES).view()
        with w.transaction():
            for schema, text in zip(("w", "o"), harness.replaced(view), strict=True):
                w.execute(f"DROP VIEW IF EXISTS {schema}.live; CREATE VIEW {schema}.live AS {text}")
        found = harness.mappings_of(w, keys)
        narrow += sum(one.mapping != "all" for one in found)
        columns = harness.schema_of(w).views["w.live"][0]
        draw = random.Random(seed)
        harness.fill(w, draw, 5)
        for _ in range(BATCHES):
            told = harness.batch(w, draw, draw.randint(1, 3))
            lost = harness.missed(w, columns, keys, found)
            assert lost == [], (seed, view, told, lost, [(one.source, one.mapping) for one in found])
    assert narrow > VIEWS / 2, "most sources of most views have a narrow mapping, so that this test says something"


@pytest.mark.parametrize("damage", ["a branch less", "a condition more"])
def test_a_damaged_mapping_is_noticed(w: db.Connection, harness: Any, damage: str) -> None:
    """The proof would see a mapping that is too narrow."""
    view = (
        "SELECT c.id, count(o.id) AS n FROM {s}.customers c LEFT JOIN {s}.customers p ON p.id = c.parent_id "
        "LEFT JOIN {s}.orders o ON o.customer_id = p.id GROUP BY c.id"
    )
    for schema, text in zip(("w", "o"), harness.replaced(view), strict=True):
        w.execute(f"CREATE VIEW {schema}.live AS {text}")
    found = harness.mappings_of(w, ("id",))
    harmed = []
    for one in found:
        text = one.mapping
        if one.source == "w.customers":
            text = text.split("\nUNION\n")[0] if damage == "a branch less" else text + "\n    AND FALSE"
        harmed.append(type(one)(one.source, text))
    columns = harness.schema_of(w).views["w.live"][0]
    draw = random.Random(1)
    harness.fill(w, draw, 5)
    missed = []
    for _ in range(60):
        harness.batch(w, draw, 2)
        assert harness.missed(w, columns, ("id",), found) == []
        missed += harness.missed(w, columns, ("id",), harmed)
    assert missed
