"""A shop with a few rows, put straight into the tables."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

UPLOADS = {
    "orders": "00000000-0000-4000-8000-000000000001",
    "variants": "00000000-0000-4000-8000-000000000002",
    "catalog_joined": "00000000-0000-4000-8000-000000000003",
}


@pytest.fixture
def shop(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """Shop a.example, run r: three orders, variants V1 to V3, V1 and V2 in the catalog; ready for generation."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO commerce.csv_uploads (id, shop_id, run_id, filename, csv_type, status) "
            "VALUES (%s, 'a.example', 'r', 'x.csv', %s, 'completed')",
            [(upload, kind) for kind, upload in UPLOADS.items()],
        )
        cursor.executemany(
            "INSERT INTO commerce.variants (shop_id, variant_id, csv_upload_id, product_id, price) "
            "VALUES ('a.example', %s, %s, 'P', 10)",
            [(variant, UPLOADS["variants"]) for variant in ("V1", "V2", "V3")],
        )
        cursor.executemany(
            "INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, product_title, price)"
            " VALUES ('a.example', 'r', %s, %s, 'P', %s, 20)",
            [(variant, UPLOADS["catalog_joined"], f"Title {variant}") for variant in ("V1", "V2")],
        )
        for order, variants in (("O1", ("V1", "V2")), ("O2", ("V1", "V2")), ("O3", ("V1",))):
            cursor.execute(
                "INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency) "
                "VALUES ('a.example', %s, %s, '2025-06-01', 'USD')",
                [order, UPLOADS["orders"]],
            )
            cursor.executemany(
                "INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, variant_id, quantity, unit_price, line_total)"
                " VALUES ('a.example', %s, %s, %s, %s, 1, 10, 10)",
                [(order, f"li:{variant}", UPLOADS["orders"], variant) for variant in variants],
            )
    return conn
