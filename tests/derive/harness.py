"""Derived mappings against the truth, without the engine: what a batch changed in a view must be among the keys named.

A history is a view, tables with rows, and batches of changes. For each batch the rows that differ before and after are
computed from the view itself; every one of their keys must be named by the mapping of some source, where ``changed`` is
that source's old and new rows, and each bare name the rows as they are now and as they were wherever they changed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import psycopg

from tidemark import db
from tidemark.derive import mapping
from tidemark.derive.mapping import Mapping
from tidemark.derive.tree import Schema

# Every table has a column id, as many frameworks make them; values are few, so that rows meet.
TABLES = {
    "customers": ("id", "region", "name", "parent_id"),
    "orders": ("id", "customer_id", "month", "amount", "status"),
    "lines": ("id", "order_id", "product_id", "qty"),
    "products": ("id", "kind", "price"),
    "tags": ("id", "product_id", "word"),
}
REQUIRED = {
    ("customers", "id"),
    ("orders", "id"),
    ("lines", "id"),
    ("products", "id"),
    ("tags", "id"),
    ("lines", "order_id"),
}
NUMBERS = {"id", "parent_id", "customer_id", "month", "amount", "order_id", "product_id", "qty", "price"}


def create(connection: psycopg.Connection[Any]) -> None:
    """The tables, twice: schema w is now, schema o is before the batch."""
    connection.execute("CREATE SCHEMA w; CREATE SCHEMA o; CREATE SCHEMA m")
    for table, columns in TABLES.items():
        listed = ", ".join(
            f"{column} {'integer' if column in NUMBERS else 'text'}{' NOT NULL' if (table, column) in REQUIRED else ''}"
            for column in columns
        )
        connection.execute(
            f"CREATE TABLE w.{table} ({listed}, PRIMARY KEY (id)); CREATE TABLE o.{table} (LIKE w.{table})"
        )


def schema_of(connection: db.Connection) -> Schema:
    """What the catalogue would say of the tables; views come with each test."""
    views = {
        row.view_name: (tuple(row.columns), row.definition)
        for row in db.fetch(connection, "derive_views", live="w.live")
    }
    return Schema(
        sources={f"w.{table}": columns for table, columns in TABLES.items()},
        views=views,
        required=frozenset((f"w.{table}", column) for table, column in REQUIRED),
        aggregates=frozenset(row.name for row in db.fetch(connection, "derive_aggregates")),
        safe=frozenset(row.name for row in db.fetch(connection, "derive_safe_functions")),
    )


def mappings_of(connection: db.Connection, key: tuple[str, ...]) -> list[Mapping]:
    """Of the view w.live."""
    schema = schema_of(connection)
    columns, definition = schema.views["w.live"]
    used = {
        row[0]
        for row in connection.execute(
            "WITH RECURSIVE b AS (SELECT 'w.live'::regclass::oid AS oid UNION SELECT d.refobjid FROM b JOIN pg_rewrite r "
            "ON r.ev_class = b.oid JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid "
            "AND d.refclassid = 'pg_class'::regclass) SELECT c.oid::regclass::text FROM b JOIN pg_class c USING (oid) "
            "WHERE c.relkind = 'r' ORDER BY 1"
        )
    }
    return mapping.derived(schema, definition, columns, key, sorted(used))


def fill(connection: psycopg.Connection[Any], draw: random.Random, rows: int) -> None:
    for table in TABLES:
        connection.execute(f"DELETE FROM w.{table}")
        for number in range(1, rows + 1):
            _insert(connection, draw, table, number)


def _insert(connection: psycopg.Connection[Any], draw: random.Random, table: str, number: int) -> None:
    columns = TABLES[table]
    values = [number, *(_value(draw, table, column) for column in columns[1:])]
    marks = ", ".join(["%s"] * len(values))
    connection.execute(f"INSERT INTO w.{table} VALUES ({marks}) ON CONFLICT DO NOTHING", values)


def _value(draw: random.Random, table: str, column: str) -> Any:
    if (table, column) not in REQUIRED and draw.random() < 0.12:
        return None
    if column in ("month", "amount", "qty", "price"):
        return draw.randint(1, 3)
    return draw.randint(1, 5) if column in NUMBERS else draw.choice("abc")


def batch(connection: psycopg.Connection[Any], draw: random.Random, changes: int) -> list[str]:
    """Random changes, several tables together; what they were, for people."""
    told = []
    for table in TABLES:
        connection.execute(f"DELETE FROM o.{table}; INSERT INTO o.{table} SELECT * FROM w.{table}")
    for _ in range(changes):
        table = draw.choice(list(TABLES))
        number = draw.randint(1, 7)
        match draw.choice(("insert", "update", "update", "update", "delete")):
            case "insert":
                _insert(connection, draw, table, number)
                told.append(f"insert {table} {number}")
            case "delete":
                connection.execute(f"DELETE FROM w.{table} WHERE id = %s", [number])
                told.append(f"delete {table} {number}")
            case _:
                column = draw.choice(TABLES[table][1:])
                value = _value(draw, table, column)
                connection.execute(f"UPDATE w.{table} SET {column} = %s WHERE id = %s", [value, number])
                told.append(f"update {table} {number} {column} = {value}")
    return told


def prepare_relations(connection: psycopg.Connection[Any]) -> None:
    """Schema m: what a mapping sees. ``m.changed_<table>`` old and new rows; ``m.<table>`` now and as it was."""
    for table in TABLES:
        connection.execute(
            f"""
            CREATE VIEW m.changed_{table} AS
            (SELECT * FROM w.{table} EXCEPT SELECT * FROM o.{table})
            UNION ALL (SELECT * FROM o.{table} EXCEPT SELECT * FROM w.{table});
            CREATE VIEW m.{table} AS SELECT * FROM w.{table}
            UNION ALL (SELECT * FROM o.{table} EXCEPT SELECT * FROM w.{table})
            """
        )


def missed(
    connection: psycopg.Connection[Any], columns: tuple[str, ...], key: tuple[str, ...], found: list[Mapping]
) -> list[tuple[Any, ...]]:
    """Keys whose rows differ before and after, and that no mapping names."""
    listed = ", ".join(columns)
    named = []
    for one in found:
        if one.mapping == "all":
            table = one.source.split(".")[1]
            if connection.execute(f"SELECT EXISTS (SELECT FROM m.changed_{table})").fetchone() == (True,):
                return []
            continue
        named.append(_named(connection, one, key))
    dirty = (
        f"SELECT DISTINCT {', '.join(key)} FROM ("
        f"(SELECT {listed} FROM w.live EXCEPT ALL SELECT {listed} FROM o.live) UNION ALL "
        f"(SELECT {listed} FROM o.live EXCEPT ALL SELECT {listed} FROM w.live)) AS differing"
    )
    result = []
    for row in connection.execute(f"{dirty}").fetchall():
        values = dict(zip(key, row, strict=True))
        if not any(
            all(values[name] == value for name, value in zip(names, hit, strict=True))
            for names, hits in named
            for hit in hits
        ):
            result.append(row)
    return result


def _named(
    connection: psycopg.Connection[Any], one: Mapping, key: tuple[str, ...]
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    table = one.source.split(".")[1]
    connection.execute("SET LOCAL search_path = m, pg_catalog")
    cursor = connection.execute(f"WITH changed AS (SELECT * FROM m.changed_{table}) {one.mapping}")
    rows = [tuple(row) for row in cursor.fetchall()]
    names = tuple(column.name for column in cursor.description or ())
    connection.execute("RESET search_path")
    assert set(names) <= set(key)
    return names, rows


def replaced(view: str) -> Iterator[str]:
    """The view now and the view before: the same text over both schemas."""
    for schema in ("w", "o"):
        yield view.replace("{s}", schema)
