"""Views of indexes: what was read, what was not, what they weigh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest


@pytest.fixture(name="looked")
def _looked(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    with server.database(applied_db) as name, psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute(
            "CREATE SCHEMA shop CREATE TABLE goods (id integer PRIMARY KEY, code text UNIQUE, name text, colour text);"
            "CREATE INDEX goods_name_idx ON shop.goods (name); CREATE INDEX goods_colour_idx ON shop.goods (colour);"
            "INSERT INTO shop.goods SELECT n, n::text, 'n' || n, 'c' || n FROM generate_series(1, 5000) AS n; ANALYZE shop.goods;"
        )
        connection.execute("SELECT * FROM shop.goods WHERE name = 'n77'").fetchall()
        connection.execute("SELECT pg_stat_force_next_flush()")
        connection.execute("SELECT 1")
        yield connection


def test_unused_are_those_nothing_read_and_never_keys(looked: psycopg.Connection[Any]) -> None:
    found = looked.execute("SELECT index_name FROM ops.index_unused WHERE schema_name = 'shop'").fetchall()
    assert found == [("goods_colour_idx",)]
    keys = looked.execute(
        "SELECT count(*) FROM ops.index_unused AS own JOIN pg_index AS idx ON idx.indexrelid = format('%I.%I', own.schema_name, own.index_name)::regclass"
        " WHERE idx.indisprimary OR idx.indisunique"
    ).fetchone()
    assert keys == (0,)


def test_usage_counts_scans(looked: psycopg.Connection[Any]) -> None:
    found = looked.execute(
        "SELECT index_name, scan_count, tuples_read > 0, size_bytes > 0 FROM ops.index_usage WHERE table_name = 'goods' ORDER BY 1"
    ).fetchall()
    assert found == [
        ("goods_code_key", 0, False, True),
        ("goods_colour_idx", 0, False, True),
        ("goods_name_idx", 1, True, True),
        ("goods_pkey", 0, False, True),
    ]


def test_sizes_are_summed_by_table(looked: psycopg.Connection[Any]) -> None:
    found = looked.execute(
        "SELECT index_count, index_bytes = (SELECT sum(size_bytes) FROM ops.index_usage WHERE table_name = 'goods'), index_share = round(index_bytes::numeric / table_bytes, 4)"
        " FROM ops.index_sizes WHERE schema_name = 'shop'"
    ).fetchall()
    assert found == [(4, True, True)]
    looked.execute("CREATE TABLE shop.empty (id integer PRIMARY KEY)")
    assert looked.execute("SELECT index_share FROM ops.index_sizes WHERE table_name = 'empty'").fetchone() == (None,)


def test_operators_read_them(looked: psycopg.Connection[Any]) -> None:
    looked.execute("SET ROLE tidemark_operator")
    for view in ("index_usage", "index_unused", "index_sizes"):
        looked.execute(f"SELECT * FROM ops.{view} LIMIT 1").fetchall()
    looked.execute("SET ROLE tidemark_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        looked.execute("SELECT * FROM ops.index_unused")
