"""Every constraint of commerce that the database could refuse a row by is violated by a test of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg


def test_each_check_and_each_unique_key_is_violated_once(conn: psycopg.Connection[Any]) -> None:
    found = conn.execute(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'commerce'::regnamespace AND contype IN ('c', 'u', 'x')"
    ).fetchall()
    # wider than the primary key: it is there for the foreign key of the lines, and no row can violate it alone
    found.remove(("orders_shop_id_order_id_created_at_key",))
    texts = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_commerce_*.sql"))
    assert {name for (name,) in found if f" {name}'" not in texts} == set()


def test_every_foreign_key_has_an_index_on_its_columns(conn: psycopg.Connection[Any]) -> None:
    found = conn.execute(
        """
        SELECT con.conname
        FROM pg_constraint AS con
        CROSS JOIN LATERAL (
            -- the lines of an order are found by its key; its time comes along
            SELECT CASE con.conname WHEN 'order_lines_shop_id_order_id_ordered_at_fkey' THEN con.conkey[1:2] ELSE con.conkey END AS columns
        ) AS looked_up
        WHERE con.connamespace = 'commerce'::regnamespace AND con.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index AS idx
            WHERE idx.indrelid = con.conrelid AND idx.indpred IS NULL
                AND (idx.indkey::smallint[])[0:cardinality(looked_up.columns) - 1] @> looked_up.columns
        )
        """
    ).fetchall()
    assert found == []
