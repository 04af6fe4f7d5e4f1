"""Derived mappings spoilt on purpose: every one of them must be noticed, or the proof would not notice a wrong one."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from tidemark.deploy.statements import parse
from tidemark.derive.mapping import Mapping

pytestmark = pytest.mark.once

BATCHES = 250
# Without roll-ups: their branches overlap, so that another may name what a spoilt one leaves out.
VIEWS = {
    "a join with a sum": (
        "SELECT c.id, count(o.id) AS n, sum(o.amount) AS amount FROM {s}.customers c JOIN {s}.orders o ON o.customer_id = c.id GROUP BY c.id",
        ("id",),
    ),
    "a key of two tables": (
        "SELECT c.region, o.month, count(*) AS n FROM {s}.customers c JOIN {s}.orders o ON o.customer_id = c.id GROUP BY c.region, o.month",
        ("region", "month"),
    ),
    "three tables in a row": (
        "SELECT c.region, p.kind, sum(l.qty) AS qty FROM {s}.customers c JOIN {s}.orders o ON o.customer_id = c.id "
        "JOIN {s}.lines l ON l.order_id = o.id JOIN {s}.products p ON p.id = l.product_id GROUP BY c.region, p.kind",
        ("region", "kind"),
    ),
    "a left join": (
        "SELECT p.id, p.kind, count(t.id) AS words FROM {s}.products p LEFT JOIN {s}.tags t ON t.product_id = p.id GROUP BY p.id, p.kind",
        ("id",),
    ),
    "not exists": (
        "SELECT p.id, p.price FROM {s}.products p WHERE NOT EXISTS (SELECT FROM {s}.tags t WHERE t.product_id = p.id)",
        ("id",),
    ),
    "a table with itself": (
        "SELECT c.id, c.name, up.region FROM {s}.customers c JOIN {s}.customers up ON up.id = c.parent_id",
        ("id",),
    ),
    "a union": (
        "SELECT o.customer_id AS id, o.amount FROM {s}.orders o WHERE o.status = 'a' "
        "UNION ALL SELECT c.id, c.parent_id FROM {s}.customers c",
        ("id",),
    ),
    "the newest of each": (
        "SELECT DISTINCT ON (o.customer_id) o.customer_id, o.id AS order_id, o.amount FROM {s}.orders o ORDER BY o.customer_id, o.month, o.id",
        ("customer_id",),
    ),
}


def mutants(mapping: Mapping) -> list[tuple[str, Mapping]]:
    """Each branch left out, each joined table narrowed in each branch, each column of the key lost in each branch."""
    branches = mapping.mapping.split("\nUNION\n")
    found = []
    for number, branch in enumerate(branches):
        others = [*branches[:number], *branches[number + 1 :]]
        if others:
            found.append((f"without branch {number}", replace(mapping, mapping="\nUNION\n".join(others))))
        tree = parse.tree_of(branch)
        for item in tree.fromClause:
            word = "\n    AND" if tree.whereClause else "\nWHERE"
            name = item.alias.aliasname
            spoilt = [*branches[:number], f"{branch}{word} {name}.id > 3", *branches[number + 1 :]]
            found.append((f"branch {number} narrowed at {name}", replace(mapping, mapping="\nUNION\n".join(spoilt))))
        for place, target in enumerate(tree.targetList):
            value = parse.text_of(target.val)
            if value.startswith("CASE WHEN false"):
                continue  # it is NULL already
            head, _, rest = branch.partition("\nFROM ")
            columns = [
                f"nullif({parse.text_of(one.val)}, {value}) AS {one.name}"
                if n == place
                else f"{parse.text_of(one.val)} AS {one.name}"
                for n, one in enumerate(tree.targetList)
            ]
            assert head.startswith("SELECT ")
            spoilt = [*branches[:number], f"SELECT {', '.join(columns)}\nFROM {rest}", *branches[number + 1 :]]
            found.append(
                (f"branch {number} without {target.name}", replace(mapping, mapping="\nUNION\n".join(spoilt)))
            )
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_every_spoilt_mapping_is_noticed(w: Any, harness: Any, name: str) -> None:
    view, key = VIEWS[name]
    for schema, text in zip(("w", "o"), harness.replaced(view), strict=True):
        w.execute(f"CREATE VIEW {schema}.live AS {text}")
    columns = harness.schema_of(w).views["w.live"][0]
    right = harness.mappings_of(w, key)
    assert all(one.mapping != "all" for one in right), right
    alive = [
        (f"{one.source}: {what}", [spoilt if other is one else other for other in right])
        for one in right
        for what, spoilt in mutants(one)
    ]
    assert len(alive) >= 2 * len(right)
    draw = random.Random(7)
    for number in range(BATCHES):
        if number % 12 == 0:  # histories thin rows out
            harness.fill(w, draw, 7)
        harness.batch(w, draw, draw.choice((1, 1, 1, 2)))
        assert harness.missed(w, columns, key, right) == []
        alive = [(what, found) for what, found in alive if not harness.missed(w, columns, key, found)]
        if not alive:
            return
    pytest.fail(f"not noticed: {[what for what, _ in alive]}")
