"""Every index of commerce is what the planner chooses for the read it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

SHOPS = 20
ROWS = """
INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type, status)
SELECT 's' || shop, 'r' || run, kind || '.csv', kind, CASE WHEN run = 30 AND kind = 'orders' THEN 'generating_bundles' ELSE 'completed' END
FROM generate_series(1, 20) AS shop, generate_series(1, 30) AS run,
    unnest('{orders,variants,catalog_joined,inventory_levels}'::text[]) AS kind;
INSERT INTO commerce.variants (shop_id, variant_id, csv_upload_id, product_id, sku, price, inventory_item_id)
SELECT upl.shop_id, 'v' || upl.run_id || '-' || n, upl.id, 'p' || upl.run_id || '-' || n / 3, 'k' || upl.run_id || '-' || n, 1, 'i' || n
FROM commerce.csv_uploads AS upl, generate_series(1, 60) AS n WHERE upl.csv_type = 'variants';
INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, price)
SELECT upl.shop_id, upl.run_id, 'v' || n, upl.id, 'p' || n / 3, 1
FROM commerce.csv_uploads AS upl, generate_series(1, 60) AS n WHERE upl.csv_type = 'catalog_joined';
INSERT INTO commerce.inventory_levels (shop_id, inventory_item_id, location_id, csv_upload_id, available)
SELECT upl.shop_id, 'i' || upl.run_id || '-' || n, 'l', upl.id, 1
FROM commerce.csv_uploads AS upl, generate_series(1, 60) AS n WHERE upl.csv_type = 'inventory_levels';
INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency)
SELECT upl.shop_id, upl.run_id || '-' || n, upl.id, '2025-01-01'::timestamptz + n * interval '1 hour', 'USD'
FROM commerce.csv_uploads AS upl, generate_series(1, 60) AS n WHERE upl.csv_type = 'orders';
INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, variant_id, sku, quantity, unit_price, line_total)
SELECT ord.shop_id, ord.order_id, 'li:' || n, ord.csv_upload_id,
    CASE WHEN n = 1 THEN 'v' || ord.order_id END, 'k' || ord.order_id, 1, 1, 1
FROM commerce.orders AS ord, generate_series(1, 2) AS n;
INSERT INTO commerce.association_rules
SELECT upl.id, ARRAY['v' || n], ARRAY['v0'], 100, 50, 50, 10, 0.1, 0.2, n / 10.0, now()
FROM commerce.csv_uploads AS upl, generate_series(1, 60) AS n WHERE upl.csv_type = 'orders';
INSERT INTO commerce.bundle_recommendations
(csv_upload_id, shop_id, dedupe_key, bundle_type, objective, products, pricing, ai_copy, confidence, predicted_lift,
ranking_score, rank_position, discount_reference)
SELECT upl.id, upl.shop_id, 'k' || n, 'FBT', 'x', '[]', '{}', '{}', 0.5, 1, n / 10.0, n,
    CASE WHEN n % 20 = 0 THEN '__partial__:' || n END
FROM commerce.csv_uploads AS upl, generate_series(1, 60) AS n WHERE upl.csv_type = 'orders';
"""

# index: the read it is for
READS = {
    "csv_uploads_shop_id_run_id_csv_type_created_at_idx": """SELECT id FROM commerce.csv_uploads
        WHERE shop_id = 's7' AND run_id = 'r7' AND csv_type = 'orders' AND status <> 'failed'
        ORDER BY created_at DESC, upload_no DESC LIMIT 1""",
    "csv_uploads_shop_id_status_idx": "SELECT * FROM commerce.csv_uploads WHERE shop_id = 's7' AND status = 'generating_bundles'",
    "orders_csv_upload_id_idx": "SELECT count(*) FROM commerce.orders WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1)",
    "orders_shop_id_created_at_idx": "SELECT max(created_at) FROM commerce.orders WHERE shop_id = 's7'",
    "order_lines_csv_upload_id_idx": "SELECT sum(quantity) FROM commerce.order_lines WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1)",
    "orders_shop_id_utc_day_idx": """SELECT sum(total) FROM commerce.orders
        WHERE shop_id = 's7' AND (created_at AT TIME ZONE 'UTC')::date = '2025-01-02'""",
    "order_lines_shop_id_utc_day_idx": """SELECT * FROM commerce.daily_sales
        WHERE shop_id = 's7' AND run_id = 'r7' AND day = '2025-01-02'""",
    "catalog_snapshot_shop_id_inventory_item_id_idx": """SELECT variant_id FROM commerce.catalog_snapshot
        WHERE shop_id = 's7' AND inventory_item_id = 'ir7-7'""",
    "order_lines_shop_id_variant_id_ordered_at_idx": """SELECT sum(quantity) FROM commerce.resolved_line
        WHERE shop_id = 's7' AND run_id = 'r7' AND variant_id = 'vr7-7'""",
    "order_lines_shop_id_sku_idx": "SELECT * FROM commerce.order_lines WHERE shop_id = 's7' AND sku = 'kr7-7' AND variant_id IS NULL",
    "variants_csv_upload_id_idx": "SELECT count(*) FROM commerce.variants WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1)",
    "variants_shop_id_sku_idx": """SELECT variant_id FROM commerce.sku_resolution
        WHERE shop_id = 's7' AND run_id = 'r7' AND sku = 'kr7-7'""",
    "variants_shop_id_inventory_item_id_idx": "SELECT * FROM commerce.variants WHERE shop_id = 's7' AND inventory_item_id = 'i7'",
    "variants_shop_id_product_id_idx": "SELECT * FROM commerce.variants WHERE shop_id = 's7' AND product_id = 'pr7-7'",
    "catalog_snapshot_csv_upload_id_idx": "SELECT count(*) FROM commerce.catalog_snapshot WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1)",
    "catalog_snapshot_shop_id_run_id_product_id_idx": """SELECT * FROM commerce.catalog_snapshot
        WHERE shop_id = 's7' AND run_id = 'r7' AND product_id = 'p7'""",
    "inventory_levels_csv_upload_id_idx": "SELECT count(*) FROM commerce.inventory_levels WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1)",
    "association_rules_csv_upload_id_lift_idx": """SELECT * FROM commerce.association_rules
        WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1) ORDER BY lift DESC LIMIT 10""",
    "bundle_recommendations_csv_upload_id_rank_position_idx": """SELECT * FROM commerce.bundle_recommendations
        WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1) ORDER BY rank_position LIMIT 10""",
    "bundle_recommendations_shop_id_ranking_score_confidence_idx": """SELECT * FROM commerce.bundle_recommendations
        WHERE shop_id = 's7' ORDER BY ranking_score DESC, confidence DESC, created_at DESC LIMIT 10""",
    "bundle_recommendations_csv_upload_id_marked_idx": """SELECT id FROM commerce.bundle_recommendations
        WHERE csv_upload_id = (SELECT id FROM commerce.csv_uploads LIMIT 1) AND discount_reference IS NOT NULL
        AND starts_with(discount_reference, '__partial__')""",
}  # fmt: skip
# Only there so that the delete of a row it points at finds its references.
FOR_DELETES = {"generation_progress_step_idx"}


@pytest.fixture(scope="module", name="filled")
def _filled(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    """20 shops with 30 runs each."""
    with server.database(applied_db) as name, psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute(ROWS)
        connection.execute("VACUUM ANALYZE")
        yield connection


@pytest.mark.parametrize("index", READS)
def test_the_planner_reads_by_this_index(filled: psycopg.Connection[Any], index: str) -> None:
    plan = "\n".join(line for (line,) in filled.execute(f"EXPLAIN {READS[index]}").fetchall())
    assert f" {index} " in plan + " ", plan


def test_no_index_is_without_a_read(filled: psycopg.Connection[Any]) -> None:
    found = filled.execute(
        "SELECT rel.relname FROM pg_index AS idx JOIN pg_class AS rel ON idx.indexrelid = rel.oid "
        "WHERE rel.relnamespace = 'commerce'::regnamespace AND NOT idx.indisunique"
    ).fetchall()
    assert {name for (name,) in found} == set(READS) | FOR_DELETES


@pytest.mark.parametrize(
    ("view", "key"),
    [
        ("run_coverage", "shop_id = 's7' AND run_id = 'r7'"),
        ("daily_sales", "shop_id = 's7' AND run_id = 'r7'"),
        ("variant_kpi", "shop_id = 's7' AND run_id = 'r7' AND variant_id = 'v7'"),
        ("order_basket", "shop_id = 's7' AND order_id = 'r7-7'"),
        ("article", "shop_id = 's7' AND run_id = 'r7' AND variant_id = 'v7'"),
    ],
)
def test_a_key_is_pushed_down_into_the_live_view(filled: psycopg.Connection[Any], view: str, key: str) -> None:
    filled.execute("SET enable_bitmapscan = off")  # a lossy page would count rows of others
    (plan,) = filled.execute(
        f"EXPLAIN (ANALYZE, TIMING off, FORMAT json) SELECT * FROM commerce.{view} WHERE {key}"
    ).fetchone() or ({},)
    filled.execute("RESET enable_bitmapscan")
    assert largest_scan(plan[0]["Plan"]) < 5000, "the whole table of lines has 72,000 rows"


def largest_scan(node: dict[str, Any]) -> float:
    """Most rows any scan looked at, those its filter removed included."""
    own = 0.0
    if "Relation Name" in node:
        own = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return max([own, *(largest_scan(child) for child in node.get("Plans", []))])
