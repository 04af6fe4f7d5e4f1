"""A change of any row reaches every stored view of commerce: after a refresh by keys they equal their live twins.

One change after another, each in a transaction that is rolled back, over two shops made by the generator.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from shop_files import Plan, generate

from tidemark.config import Settings
from tidemark.load.uploads import Job, load_files
from tidemark.steps import finish

VIEWS = {
    "commerce.upload_coverage": "commerce.run_coverage",
    "commerce.daily_sales_by_day": "commerce.daily_sales",
    "commerce.variant_kpi_by_variant": "commerce.variant_kpi",
}
SOME = "(SELECT min(variant_id) FROM commerce.order_lines)"

CHANGES = {
    "an order is deleted": "DELETE FROM commerce.orders WHERE order_id = (SELECT min(order_id) FROM commerce.orders)",
    "the newest order is deleted": """DELETE FROM commerce.orders
        WHERE created_at = (SELECT max(created_at) FROM commerce.orders WHERE shop_id = 'a.example')""",
    "an order comes later": "UPDATE commerce.orders SET created_at = created_at + interval '40 days' WHERE order_id LIKE '%1'",
    "orders get another total": "UPDATE commerce.orders SET total = total + 1",
    "orders move to another run": """UPDATE commerce.orders SET csv_upload_id = (
        SELECT id FROM commerce.csv_uploads WHERE shop_id = 'a.example' AND csv_type = 'variants') WHERE shop_id = 'a.example'""",
    "lines are deleted": "DELETE FROM commerce.order_lines WHERE line_key LIKE '%1'",
    "a quantity changes": "UPDATE commerce.order_lines SET quantity = quantity + 1 WHERE line_key LIKE '%7'",
    "lines lose their variant": "UPDATE commerce.order_lines SET variant_id = NULL WHERE line_key LIKE '%3'",
    "lines lose variant and SKU": "UPDATE commerce.order_lines SET variant_id = NULL, sku = NULL WHERE line_key LIKE '%3'",
    "lines move to another run": """UPDATE commerce.order_lines SET csv_upload_id = (
        SELECT id FROM commerce.csv_uploads WHERE shop_id = 'a.example' AND csv_type = 'catalog_joined')
        WHERE shop_id = 'a.example' AND line_key LIKE '%2'""",
    "a variant gets the SKU of another": """UPDATE commerce.order_lines SET variant_id = NULL;
        UPDATE commerce.variants SET sku = (SELECT min(sku) FROM commerce.variants) WHERE variant_id LIKE '%4'""",
    "variants are deleted": "DELETE FROM commerce.variants WHERE variant_id LIKE '%2'",
    "variants move to another run": """UPDATE commerce.variants SET csv_upload_id = (
        SELECT id FROM commerce.csv_uploads WHERE shop_id = 'a.example' AND run_id = 'other') WHERE shop_id = 'a.example'""",
    "catalog rows are deleted": "DELETE FROM commerce.catalog_snapshot WHERE variant_id LIKE '%1'",
    "a price changes": "UPDATE commerce.catalog_snapshot SET price = price / 2 WHERE variant_id LIKE '%1'",
    "catalog rows move to another run": "UPDATE commerce.catalog_snapshot SET run_id = 'other' WHERE variant_id LIKE '%1'",
    "stock changes": "UPDATE commerce.inventory_levels SET available = available + 1 WHERE inventory_item_id LIKE '%1'",
    "stock is deleted": "DELETE FROM commerce.inventory_levels WHERE inventory_item_id LIKE '%1'",
    "a run is renamed": "UPDATE commerce.csv_uploads SET run_id = 'renamed' WHERE run_id = 'r1' AND shop_id = 'a.example'",
    "an upload fails later": "UPDATE commerce.csv_uploads SET status = 'failed', error_code = 'x' WHERE csv_type = 'variants'",
    "a new upload is registered": """INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type)
        VALUES ('c.example', 'r9', 'x.csv', 'orders'), (NULL, 'r9', 'x.csv', NULL)""",
    "a shop becomes known": """INSERT INTO commerce.csv_uploads (run_id, filename) VALUES ('r9', 'x.csv');
        UPDATE commerce.csv_uploads SET shop_id = 'c.example' WHERE shop_id IS NULL""",
    "everything is deleted": "TRUNCATE commerce.orders CASCADE",
}  # fmt: skip


@pytest.fixture(scope="module", name="stored")
def _stored(
    server: Any, applied_db: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psycopg.Connection[Any]]:
    """Two shops, three runs, all stored views filled."""
    with server.database(applied_db) as name:
        settings = Settings(dsn=server.dsn(name), dsn_source="the tests")
        jobs = []
        for seed, (shop, run, lines) in enumerate(
            (("a.example", "r1", 600), ("b.example", "r1", 300), ("a.example", "other", 40))
        ):
            folder: Path = tmp_path_factory.mktemp("shop")
            finish(generate(Plan(lines=lines, seed=seed + 1, dirt=3), folder))
            names = (
                ("orders.csv",) if run == "other" else ("orders.csv", "variants.csv", "catalog.csv", "inventory.csv")
            )
            jobs += [Job("commerce", str(folder / file), {"shop": shop, "run": run}) for file in names]
        assert all(loaded.is_good for loaded in finish(load_files(settings, jobs)))
        with psycopg.connect(server.dsn(name)) as connection:
            refresh(connection)
            connection.commit()
            yield connection


def refresh(connection: psycopg.Connection[Any]) -> int:
    """Runs every stored view; gives the number of stored rows that changed."""
    query = "SELECT inserted_count + updated_count + deleted_count FROM refresh.run(%s)"
    return sum(count for view in VIEWS for (count,) in connection.execute(query, [view]).fetchall())


def differing(connection: psycopg.Connection[Any]) -> list[str]:
    return [
        view
        for view, live in VIEWS.items()
        if connection.execute(
            f"(TABLE {live} EXCEPT ALL TABLE {view}) UNION ALL (TABLE {view} EXCEPT ALL TABLE {live}) LIMIT 1"
        ).fetchone()
    ]


def test_all_stored_views_are_filled_and_right(stored: psycopg.Connection[Any]) -> None:
    for view in VIEWS:
        (rows,) = stored.execute(f"SELECT count(*) FROM {view}").fetchone() or (0,)
        assert rows > 0, view
    assert differing(stored) == []
    assert refresh(stored) == 0, "a second run finds something to do"
    stored.rollback()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_reaches_the_stored_views(stored: psycopg.Connection[Any], change: str) -> None:
    try:
        stored.execute(change)
        changed = refresh(stored)
        assert differing(stored) == []
        assert changed > 0, "no stored row shows this change: the case proves nothing"
    finally:
        stored.rollback()


@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_changes_reaches_the_stored_views(stored: psycopg.Connection[Any], seed: int) -> None:
    draw = random.Random(seed)
    try:
        for change in draw.sample(sorted(CHANGES.values()), 8):
            stored.execute(change)
            if draw.random() < 0.5:
                refresh(stored)
                assert differing(stored) == []
        refresh(stored)
        assert differing(stored) == []
    finally:
        stored.rollback()


def test_a_load_queues_a_handful_of_rows_however_long_the_file(stored: psycopg.Connection[Any]) -> None:
    try:
        stored.execute("UPDATE commerce.order_lines SET unit_price = unit_price")
        (queued,) = stored.execute(
            "SELECT sum(pending_count) FROM refresh.freshness WHERE view_name LIKE 'commerce.%'"
        ).fetchone() or (0,)
        assert 0 < queued <= 12
    finally:
        stored.rollback()
