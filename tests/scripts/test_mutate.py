"""scripts/mutate.py: makes every change it should, one at a time, and each gives valid SQL."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark.files import SqlFile

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
VIEW = """-- shop.late
CREATE OR REPLACE VIEW shop.late AS
SELECT ord.order_id, coalesce(ord.note, 'none') AS note,
    CASE WHEN ord.due_on < ord.sent_on THEN 'late' WHEN ord.sent_on IS NULL THEN 'open' ELSE 'sent' END AS status
FROM shop.orders AS ord
LEFT JOIN shop.customers AS cus ON ord.customer_id = cus.customer_id
WHERE ord.amount > 10 AND cus.customer_id IS NOT NULL
ORDER BY ord.due_on;
"""
TABLES = """
CREATE SCHEMA shop;
CREATE TABLE shop.orders (order_id integer, customer_id integer, note text, due_on date, sent_on date, amount integer);
CREATE TABLE shop.customers (customer_id integer);
"""


@pytest.fixture(scope="module")
def mutate() -> Any:
    sys.path.insert(0, str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("mutate", SCRIPTS / "mutate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate"] = module
    spec.loader.exec_module(module)
    return module


def test_each_change_is_made_once_and_alone(mutate: Any) -> None:
    found = list(mutate.of_file(SqlFile("views/shop/live/late.sql", Path("late.sql"), VIEW)))
    words = [one.change.split(",")[0] for one in found]
    assert sorted(words) == sorted(
        [
            "coalesce loses its default", "CASE loses its first branch", "< becomes <=", "IS NULL becomes IS NOT NULL",
            "left join becomes inner", "= becomes <>", "AND becomes OR", "> becomes >=", "10 becomes 11",
            "IS NOT NULL becomes IS NULL", "a sort order is turned",
        ]
    )  # fmt: skip
    assert len({one.text for one in found}) == len(found)
    assert {one.name for one in found} == {"shop.late"}


def test_every_change_is_valid_sql(mutate: Any, empty_db: str) -> None:
    with psycopg.connect(empty_db) as connection:
        connection.execute(TABLES)
        connection.execute(VIEW)
        for one in mutate.of_file(SqlFile("views/shop/live/late.sql", Path("late.sql"), VIEW)):
            connection.execute(one.text)


def test_the_real_families_have_changes_to_make(mutate: Any) -> None:
    found = list(mutate.mutants("commerce"))
    assert {one.path.split("/")[2] for one in found} == {"rules", "live", "actions"}


def test_a_low_score_is_told_with_its_survivors(mutate: Any) -> None:
    answer = mutate.told([mutate.Verdict("a.sql", "s.a", "x", "cases"), mutate.Verdict("b.sql", "s.b", "y", None)])
    assert answer.exit_code == 1
    assert "b.sql: s.b: y: nobody noticed" in answer.lines
