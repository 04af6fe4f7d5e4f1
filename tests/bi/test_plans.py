"""A login that sees one shop of two hundred, fifty of them, or all: each reads what it may see and no more.

Rows that were fetched are counted, not time: also those that a filter threw away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from isolation import login

SHOPS, DAYS = 200, 60
ROWS = f"""
INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type, status)
SELECT 's' || shop, 'r', kind || '.csv', kind, 'completed'
FROM generate_series(1, {SHOPS}) AS shop, unnest('{{orders,catalog_joined}}'::text[]) AS kind;
INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, price)
SELECT upl.shop_id, upl.run_id, 'v' || n, upl.id, 'p' || n / 3, 1
FROM commerce.csv_uploads AS upl, generate_series(1, {DAYS}) AS n WHERE upl.csv_type = 'catalog_joined';
INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency)
SELECT upl.shop_id, 'o' || n, upl.id, '2025-01-01'::timestamptz + n * interval '1 day', 'USD'
FROM commerce.csv_uploads AS upl, generate_series(1, {DAYS}) AS n WHERE upl.csv_type = 'orders';
INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, variant_id, quantity, unit_price, line_total)
SELECT ord.shop_id, ord.order_id, 'li:1', ord.csv_upload_id, 'v' || substr(ord.order_id, 2), 1, 1, 1 FROM commerce.orders AS ord;
INSERT INTO commerce.bundle_recommendations
(csv_upload_id, shop_id, dedupe_key, bundle_type, objective, products, pricing, ai_copy, confidence, predicted_lift, ranking_score,
rank_position)
SELECT upl.id, upl.shop_id, 'k' || n, 'FBT', 'x', '[]', '{{}}', '{{}}', 0.5, 1, n, n
FROM commerce.csv_uploads AS upl, generate_series(1, {DAYS}) AS n WHERE upl.csv_type = 'orders';
"""
# the large relations below each view; every row it shows is one of each
VIEWS = {
    "commerce_daily_sales": ("commerce_daily_sales_by_day",),
    "commerce_article": ("commerce_variant_kpi_by_variant", "catalog_snapshot"),
    "commerce_bundle": ("bundle_recommendations",),
    "commerce_order_basket": ("orders",),
}
SEEN = {1: "{s7}", 50: "{" + ",".join(f"s{n}" for n in range(1, 51)) + "}", SHOPS: None}


@pytest.fixture(scope="module", name="street")
def _street(server: Any, applied_db: str) -> Iterator[tuple[Any, str, psycopg.Connection[Any]]]:
    with server.database(applied_db) as name, psycopg.connect(server.dsn(name), autocommit=True) as owner:
        owner.execute(ROWS)
        owner.execute("SELECT refresh_internal.run_all()")
        owner.execute("VACUUM ANALYZE")
        yield server, name, owner


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def fetched(
    reader: psycopg.Connection[Any], query: str, relations: tuple[str, ...]
) -> tuple[int, list[dict[str, Any]]]:
    """Rows that the query fetched of the relations, and the nodes that read them."""
    (plan,) = reader.execute(f"EXPLAIN (ANALYZE, TIMING off, FORMAT json) {query}").fetchone() or ([],)
    read = [
        node
        for node in nodes(plan[0]["Plan"])
        if any(name in node.get("Relation Name", "") for name in relations) and node["Actual Loops"]
    ]
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return round(
        sum((node["Actual Rows"] + sum(node.get(key, 0) for key in removed)) * node["Actual Loops"] for node in read)
    ), read


@pytest.mark.parametrize("shops", SEEN)
@pytest.mark.parametrize("view", VIEWS)
def test_a_reader_fetches_the_rows_it_may_see(street: Any, view: str, shops: int) -> None:
    server, name, owner = street
    with (
        login(owner, "planned", "tidemark_bi"),
        psycopg.connect(server.dsn(name, "planned"), autocommit=True) as reader,
    ):
        reader.execute("SET max_parallel_workers_per_gather = 0; SET jit = off")
        values = SEEN[shops]
        owner.execute(
            "SELECT access.grant_scope('planned', 'commerce', %s, %s)", ["shop" if values else "all", values or "{*}"]
        )
        query = f"SELECT shop_id FROM bi.{view}"
        shown = len(reader.execute(query).fetchall())
        assert shown == shops * DAYS
        count, read = fetched(reader, query, VIEWS[view])
        # of each relation the rows shown, and where rows are found first, those once more
        assert count <= shown * (len(VIEWS[view]) + 1)
        if shops == SHOPS:
            assert not any("(planned)" in str(node) for node in read)
        else:
            assert all(node["Node Type"] != "Seq Scan" or node["Actual Rows"] == 0 for node in read), read


@pytest.mark.parametrize("view", VIEWS)
def test_without_a_grant_nothing_is_fetched(street: Any, view: str) -> None:
    server, name, owner = street
    with (
        login(owner, "planned", "tidemark_bi"),
        psycopg.connect(server.dsn(name, "planned"), autocommit=True) as reader,
    ):
        assert fetched(reader, f"SELECT shop_id FROM bi.{view}", VIEWS[view])[0] == 0


@pytest.mark.parametrize("shops", SEEN)
def test_a_condition_of_the_reader_is_used_in_the_index(street: Any, shops: int) -> None:
    """Where it cannot tell of other rows: an equality on the key goes down through the barrier."""
    server, name, owner = street
    with (
        login(owner, "planned", "tidemark_bi"),
        psycopg.connect(server.dsn(name, "planned"), autocommit=True) as reader,
    ):
        values = SEEN[shops]
        owner.execute(
            "SELECT access.grant_scope('planned', 'commerce', %s, %s)", ["shop" if values else "all", values or "{*}"]
        )
        query = "SELECT shop_id FROM bi.commerce_daily_sales WHERE shop_id = 's7' AND run_id = 'r' AND sold_on = '2025-01-05'"
        assert len(reader.execute(query).fetchall()) == 1
        assert fetched(reader, query, VIEWS["commerce_daily_sales"])[0] == 1


def test_what_is_not_asked_for_is_not_computed(street: Any) -> None:
    """The columns of a basket that cost a subquery per order stay out of a query that does not name them."""
    server, name, owner = street
    with (
        login(owner, "planned", "tidemark_bi", "tidemark_bi_all"),
        psycopg.connect(server.dsn(name, "planned")) as reader,
    ):
        (plan,) = reader.execute(
            "EXPLAIN (FORMAT json) SELECT shop_id, order_id FROM bi.commerce_order_basket"
        ).fetchone() or ([],)
        assert [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "variants"] == []
        (plan,) = reader.execute(
            "EXPLAIN (FORMAT json) SELECT is_multi_item FROM bi.commerce_order_basket"
        ).fetchone() or ([],)
        assert [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == "variants"]
