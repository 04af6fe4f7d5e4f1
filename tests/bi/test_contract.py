"""The public contract: what a dashboard may read has the columns and types of contract.csv, and says what it means.

After an intended change, together with a line in CHANGELOG.md:

    psql -c "\\copy (SELECT view_name, column_name, data_type FROM bi.catalog ORDER BY view_name, column_position)
             TO tests/bi/contract.csv (FORMAT csv, HEADER)"
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import psycopg
import pytest

CONTRACT = Path(__file__).with_name("contract.csv")


def rows(conn: psycopg.Connection[Any], statement: str) -> list[Any]:
    return conn.execute(statement).fetchall()


def test_columns_and_types_are_those_of_the_contract(conn: psycopg.Connection[Any]) -> None:
    found = rows(conn, "SELECT view_name, column_name, data_type FROM bi.catalog ORDER BY view_name, column_position")
    with CONTRACT.open(encoding="utf-8", newline="") as file:
        _, *promised = (tuple(line) for line in csv.reader(file))
    assert found == promised


def test_every_view_tells_its_grain_key_and_age(conn: psycopg.Connection[Any]) -> None:
    silent = rows(
        conn,
        "SELECT DISTINCT view_name FROM bi.catalog WHERE view_description IS NULL"
        " OR view_description NOT LIKE '%Grain: %' OR view_description NOT LIKE '%Key: %'"
        " OR view_description NOT LIKE '%Data as of: %'",
    )
    assert silent == []


def test_every_column_tells_its_meaning(conn: psycopg.Connection[Any]) -> None:
    silent = rows(conn, "SELECT view_name, column_name FROM bi.catalog WHERE column_description IS NULL")
    assert silent == []


def test_the_schema_holds_views_only(conn: psycopg.Connection[Any]) -> None:
    assert rows(conn, "SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace AND relkind <> 'v'") == []
    assert rows(conn, "SELECT proname FROM pg_proc WHERE pronamespace = 'bi'::regnamespace") == []


def test_a_dashboard_reads_every_view_and_nothing_else(conn: psycopg.Connection[Any]) -> None:
    views = [name for (name,) in rows(conn, "SELECT DISTINCT view_name FROM bi.catalog ORDER BY 1")]
    conn.execute("SET LOCAL tidemark.as_of = ''")  # another day is for who may ask for it
    conn.execute("SET LOCAL ROLE tidemark_bi")
    for view in views:
        conn.execute(f"SELECT * FROM bi.{view} LIMIT 1").fetchall()
    for elsewhere in ("model_risk.models", "model_risk.model_status_by_model", "refresh.runs"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute(f"SELECT * FROM {elsewhere}")


def test_nothing_but_bi_can_be_named_by_a_dashboard(conn: psycopg.Connection[Any]) -> None:
    usable = rows(
        conn,
        "SELECT nspname FROM pg_namespace WHERE has_schema_privilege('tidemark_bi', oid, 'USAGE')"
        " AND nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'tap') AND nspname !~ '^pg_'",
    )
    assert usable == [("bi",)]
