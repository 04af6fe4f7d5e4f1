"""Ordinary views, the constructs people write: a derived mapping names every key that a batch concerns.

TIDEMARK_TEST_WALKS multiplies the histories.
"""

from __future__ import annotations

import os
import random
import re
from typing import Any

import pytest

from tidemark import db

WALKS = int(os.environ.get("TIDEMARK_TEST_WALKS", "1"))
BATCHES = 30

# name: key, view over {s}.tables
VIEWS = {
    "generic id": (
        "id",
        "SELECT c.id, c.name, sum(o.amount) AS total FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id GROUP BY c.id, c.name",
    ),
    "two part key": (
        "region month",
        "SELECT c.region, o.month, sum(o.amount) AS total FROM {s}.orders o JOIN {s}.customers c ON c.id = o.customer_id GROUP BY c.region, o.month",
    ),
    "three part key": (
        "region month kind",
        "SELECT c.region, o.month, p.kind, sum(l.qty * p.price) AS total FROM {s}.lines l JOIN {s}.orders o ON o.id = l.order_id JOIN {s}.customers c ON c.id = o.customer_id JOIN {s}.products p ON p.id = l.product_id GROUP BY c.region, o.month, p.kind",
    ),
    "where": (
        "id",
        "SELECT o.id, o.amount, c.name FROM {s}.orders o, {s}.customers c WHERE c.id = o.customer_id AND o.status = 'a' AND c.region <> 'b'",
    ),
    "having": (
        "customer_id",
        "SELECT o.customer_id, count(*) AS n FROM {s}.orders o GROUP BY o.customer_id HAVING count(*) > 1",
    ),
    "distinct": (
        "region status",
        "SELECT DISTINCT c.region, o.status FROM {s}.customers c JOIN {s}.orders o ON o.customer_id = c.id",
    ),
    "distinct on": (
        "customer_id",
        "SELECT DISTINCT ON (o.customer_id) o.customer_id, o.id AS order_id, o.amount FROM {s}.orders o ORDER BY o.customer_id, o.amount DESC, o.id",
    ),
    "distinct on another": (
        "id",
        "SELECT DISTINCT ON (o.customer_id) o.id, o.customer_id FROM {s}.orders o ORDER BY o.customer_id, o.amount DESC, o.id",
    ),
    "left join chain": (
        "id",
        "SELECT c.id, count(p.id) AS n FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id LEFT JOIN {s}.lines l ON l.order_id = o.id LEFT JOIN {s}.products p ON p.id = l.product_id GROUP BY c.id",
    ),
    "left join key on the optional side": (
        "customer_id order_id",
        "SELECT c.id AS customer_id, o.id AS order_id, o.amount FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id",
    ),
    "anti join": (
        "id",
        "SELECT c.id, c.name FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id WHERE o.id IS NULL",
    ),
    "anti join below a left join": (
        "id",
        "SELECT p.id, s.order_id FROM {s}.products p LEFT JOIN (SELECT l.product_id, l.order_id FROM {s}.lines l LEFT JOIN {s}.orders o ON o.id = l.order_id WHERE o.id IS NULL) s ON s.product_id = p.id WHERE p.id IS NOT NULL GROUP BY p.id, s.order_id".replace(
            "p.id, s.order_id FROM", "p.id, max(s.order_id) AS order_id FROM"
        ).replace("GROUP BY p.id, s.order_id", "GROUP BY p.id"),
    ),
    "right join": (
        "id",
        "SELECT c.id, sum(o.amount) AS total FROM {s}.orders o RIGHT JOIN {s}.customers c ON o.customer_id = c.id GROUP BY c.id",
    ),
    "full join": (
        "a b",
        "SELECT c.id AS a, o.id AS b, c.name FROM {s}.customers c FULL JOIN {s}.orders o ON o.customer_id = c.id",
    ),
    "full join coalesced": (
        "k",
        "SELECT coalesce(c.id, o.customer_id) AS k, count(o.id) AS n FROM {s}.customers c FULL JOIN {s}.orders o ON o.customer_id = c.id GROUP BY coalesce(c.id, o.customer_id)",
    ),
    "using": (
        "product_id",
        "SELECT product_id, count(*) AS n FROM {s}.lines l JOIN {s}.tags t USING (product_id) GROUP BY product_id",
    ),
    "self join": (
        "id",
        "SELECT c.id, p.name AS parent FROM {s}.customers c LEFT JOIN {s}.customers p ON p.id = c.parent_id",
    ),
    "self join by another": (
        "region",
        "SELECT c.region, count(p.id) AS n FROM {s}.customers c JOIN {s}.customers p ON p.parent_id = c.id GROUP BY c.region",
    ),
    "exists": (
        "id",
        "SELECT c.id, c.name FROM {s}.customers c WHERE EXISTS (SELECT FROM {s}.orders o WHERE o.customer_id = c.id AND o.status = 'a')",
    ),
    "not exists": (
        "id",
        "SELECT c.id FROM {s}.customers c WHERE NOT EXISTS (SELECT FROM {s}.orders o JOIN {s}.lines l ON l.order_id = o.id WHERE o.customer_id = c.id)",
    ),
    "in": (
        "id",
        "SELECT p.id, p.kind FROM {s}.products p WHERE p.id IN (SELECT l.product_id FROM {s}.lines l WHERE l.qty > 1)",
    ),
    "not in": ("id", "SELECT p.id FROM {s}.products p WHERE p.id NOT IN (SELECT l.product_id FROM {s}.lines l)"),
    "in a nullable column": (
        "id",
        "SELECT o.id FROM {s}.orders o WHERE o.customer_id IN (SELECT c.parent_id FROM {s}.customers c)",
    ),
    "scalar subquery": (
        "id",
        "SELECT c.id, (SELECT count(*) FROM {s}.orders o WHERE o.customer_id = c.id) AS n FROM {s}.customers c",
    ),
    "uncorrelated subquery": ("id", "SELECT c.id, (SELECT max(amount) FROM {s}.orders) AS most FROM {s}.customers c"),
    "lateral": (
        "id",
        "SELECT c.id, last.amount FROM {s}.customers c LEFT JOIN LATERAL (SELECT o.amount FROM {s}.orders o WHERE o.customer_id = c.id ORDER BY o.month DESC, o.id LIMIT 1) last ON true",
    ),
    "lateral inner": (
        "id",
        "SELECT c.id, n.n FROM {s}.customers c CROSS JOIN LATERAL (SELECT count(*) AS n FROM {s}.orders o WHERE o.customer_id = c.id) n",
    ),
    "window": (
        "customer_id",
        "SELECT customer_id, max(r) AS most FROM (SELECT o.customer_id, rank() OVER (PARTITION BY o.customer_id ORDER BY o.amount) AS r FROM {s}.orders o) x GROUP BY customer_id",
    ),
    "window of another": (
        "id",
        "SELECT o.id, row_number() OVER (PARTITION BY o.customer_id ORDER BY o.amount, o.id) AS place FROM {s}.orders o",
    ),
    "filter on a window": (
        "customer_id",
        "SELECT x.customer_id, x.amount FROM (SELECT o.customer_id, o.amount, row_number() OVER (PARTITION BY o.customer_id ORDER BY o.amount DESC, o.id) AS place FROM {s}.orders o) x WHERE x.place = 1",
    ),
    "union all": (
        "k",
        "SELECT k, sum(n) AS n FROM (SELECT o.customer_id AS k, o.amount AS n FROM {s}.orders o UNION ALL SELECT c.parent_id, 1 FROM {s}.customers c) x GROUP BY k",
    ),
    "union": ("k", "SELECT o.customer_id AS k FROM {s}.orders o UNION SELECT c.id FROM {s}.customers c"),
    "except": (
        "k",
        "SELECT c.id AS k FROM {s}.customers c EXCEPT SELECT o.customer_id FROM {s}.orders o WHERE o.status = 'a'",
    ),
    "intersect": ("k", "SELECT c.region AS k FROM {s}.customers c INTERSECT SELECT p.kind FROM {s}.products p"),
    "cte": (
        "region",
        "WITH big AS (SELECT * FROM {s}.orders WHERE amount > 1), named AS MATERIALIZED (SELECT c.id, c.region FROM {s}.customers c) SELECT n.region, count(*) AS n FROM big b JOIN named n ON n.id = b.customer_id GROUP BY n.region",
    ),
    "cte read twice": (
        "id",
        "WITH s AS (SELECT o.customer_id, sum(o.amount) AS total FROM {s}.orders o GROUP BY o.customer_id) SELECT c.id, a.total, b.total AS parent_total FROM {s}.customers c LEFT JOIN s a ON a.customer_id = c.id LEFT JOIN s b ON b.customer_id = c.parent_id",
    ),
    "rollup": (
        "region month",
        "SELECT c.region, o.month, count(*) AS n FROM {s}.orders o JOIN {s}.customers c ON c.id = o.customer_id WHERE c.region IS NOT NULL AND o.month IS NOT NULL GROUP BY ROLLUP (c.region, o.month)",
    ),
    "cube": (
        "region status",
        "SELECT c.region, o.status, sum(o.amount) AS n FROM {s}.orders o JOIN {s}.customers c ON c.id = o.customer_id WHERE c.region IS NOT NULL AND o.status IS NOT NULL GROUP BY CUBE (c.region, o.status)",
    ),
    "rollup below": (
        "region",
        "SELECT x.region, x.n FROM (SELECT c.region, o.month, count(*) AS n FROM {s}.orders o JOIN {s}.customers c ON c.id = o.customer_id GROUP BY ROLLUP (c.region, o.month)) x WHERE x.month IS NULL AND x.region IS NOT NULL",
    ),
    "expression in the key": (
        "half shouted",
        "SELECT o.month / 2 AS half, upper(c.region) AS shouted, sum(o.amount) AS n FROM {s}.orders o JOIN {s}.customers c ON c.id = o.customer_id GROUP BY o.month / 2, upper(c.region)",
    ),
    "key by case": (
        "band",
        "SELECT CASE WHEN o.amount > 2 THEN 'high' ELSE 'low' END AS band, count(*) AS n FROM {s}.orders o GROUP BY 1",
    ),
    "join on an expression": (
        "id",
        "SELECT c.id, count(o.id) AS n FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id + 1 GROUP BY c.id",
    ),
    "join with or": (
        "id",
        "SELECT c.id, count(o.id) AS n FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id OR o.customer_id = c.parent_id GROUP BY c.id",
    ),
    "optional side in a condition": (
        "id",
        "SELECT c.id, count(l.id) AS n FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id LEFT JOIN {s}.lines l ON l.order_id = o.id OR o.id IS NULL GROUP BY c.id",
    ),
    "coalesce of an optional side": (
        "id",
        "SELECT c.id, count(t.id) AS n FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id JOIN {s}.tags t ON t.product_id = coalesce(o.amount, 1) GROUP BY c.id",
    ),
    "cross join": (
        "id kind",
        "SELECT c.id, p.kind, count(*) AS n FROM {s}.customers c CROSS JOIN {s}.products p GROUP BY c.id, p.kind",
    ),
    "limit": ("id", "SELECT o.id, o.amount FROM {s}.orders o ORDER BY o.amount DESC NULLS LAST, o.id LIMIT 3"),
    "one row": ("one", "SELECT 1 AS one, count(*) AS n, max(o.amount) AS most FROM {s}.orders o"),
    "constant in the key": (
        "source id",
        "SELECT 'orders' AS source, o.customer_id AS id, count(*) AS n FROM {s}.orders o GROUP BY o.customer_id",
    ),
    "values": (
        "status",
        "SELECT v.status, count(o.id) AS n FROM (VALUES ('a'), ('b')) v (status) LEFT JOIN {s}.orders o ON o.status = v.status GROUP BY v.status",
    ),
    "nested subqueries": (
        "region",
        "SELECT region, avg(total) AS mean FROM (SELECT c.region, c.id, (SELECT sum(o.amount) FROM {s}.orders o WHERE o.customer_id = c.id) AS total FROM {s}.customers c) x GROUP BY region",
    ),
    "exists inside not exists": (
        "id",
        "SELECT c.id FROM {s}.customers c WHERE NOT EXISTS (SELECT FROM {s}.orders o WHERE o.customer_id = c.id AND NOT EXISTS (SELECT FROM {s}.lines l WHERE l.order_id = o.id))",
    ),
    "optional constant": (
        "id flag",
        "SELECT c.id, coalesce(x.flag, 'none') AS flag, count(*) AS n FROM {s}.customers c LEFT JOIN (SELECT o.customer_id, 'some' AS flag FROM {s}.orders o) x ON x.customer_id = c.id GROUP BY c.id, coalesce(x.flag, 'none')",
    ),
    "bool": (
        "id",
        "SELECT c.id, bool_or(o.status = 'a') AS has_a FROM {s}.customers c JOIN {s}.orders o ON o.customer_id = c.id GROUP BY c.id",
    ),
    "names that repeat": (
        "id",
        "SELECT o.id, c.id AS customer, p.id AS parent FROM {s}.orders o JOIN {s}.customers c ON c.id = o.customer_id JOIN {s}.customers p ON p.id = c.parent_id",
    ),
    "renamed columns": ("k", "SELECT x.k, count(*) AS n FROM {s}.orders AS x (i, k, m, a, s) GROUP BY x.k"),
    "filter clause": (
        "id",
        "SELECT c.id, count(*) FILTER (WHERE o.status = 'a') AS n FROM {s}.customers c LEFT JOIN {s}.orders o ON o.customer_id = c.id GROUP BY c.id",
    ),
    "semi join of two": (
        "id",
        "SELECT p.id, p.price FROM {s}.products p WHERE EXISTS (SELECT FROM {s}.lines l JOIN {s}.tags t ON t.product_id = l.product_id WHERE l.product_id = p.id AND t.word = 'a')",
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_every_key_that_a_batch_concerns_is_named(w: db.Connection, harness: Any, name: str) -> None:
    key, view = VIEWS[name]
    keys = tuple(key.split())
    for schema, text in zip(("w", "o"), harness.replaced(view), strict=True):
        w.execute(f"CREATE VIEW {schema}.live AS {text}")
    found = harness.mappings_of(w, keys)
    columns = harness.schema_of(w).views["w.live"][0]
    for walk in range(WALKS):
        draw = random.Random(f"{name} {walk}")
        harness.fill(w, draw, 5)
        for _ in range(BATCHES):
            told = harness.batch(w, draw, draw.randint(1, 4))
            lost = harness.missed(w, columns, keys, found)
            assert lost == [], (told, [(one.source, one.mapping) for one in found])


# Where a mapping is as narrow as a person would write it; None: every key.
NARROW = {
    "generic id": {"w.orders": "SELECT r2.customer_id AS id", "w.customers": "SELECT r1.id AS id"},
    "two part key": {"w.orders": "r2.region AS region, r1.month AS month", "w.customers": "r2.region AS region"},
    "limit": {"w.orders": None},
    "uncorrelated subquery": {"w.orders": None, "w.customers": "r1.id AS id"},
    "cross join": {"w.customers": "AS id", "w.products": "AS kind"},
}


def test_or_beside_other_conditions_keeps_its_brackets(w: db.Connection, harness: Any) -> None:
    """Without them the mapping would join nothing, and name every key at the cost of every pair of rows."""
    w.execute(
        "CREATE VIEW w.live AS SELECT c.id, count(o.id) AS n FROM w.customers c"
        " JOIN w.orders o ON o.customer_id = c.id AND (o.month IS NULL OR o.month <= c.parent_id) AND o.amount > 0 GROUP BY c.id"
    )
    found = {one.source: one.mapping for one in harness.mappings_of(w, ("id",))}
    for text in found.values():
        if " OR " in text:
            assert re.search(r"\([^()]* IS NULL OR [^()]*\)", text), text
            break
    else:
        pytest.fail("no mapping keeps the condition, so nothing is shown here")


@pytest.mark.parametrize("name", VIEWS)
def test_what_has_no_narrow_mapping_says_why(w: db.Connection, harness: Any, name: str) -> None:
    key, view = VIEWS[name]
    w.execute(f"CREATE VIEW w.live AS {view.replace('{s}', 'w')}")
    for one in harness.mappings_of(w, tuple(key.split())):
        assert one.mapping != "all" or one.reason
