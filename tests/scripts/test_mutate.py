"""scripts/mutate.py: makes every change it should, one at a time, and each gives valid SQL."""

from __future__ import annotations

import importlib
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark.files import SqlFile
from tidemark.golden import spec

pytestmark = pytest.mark.once

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
    return importlib.import_module("mutate")


@pytest.fixture(scope="module")
def changes(mutate: Any) -> Any:
    return importlib.import_module("mutation.changes")


@pytest.fixture(scope="module")
def check(mutate: Any) -> Any:
    return importlib.import_module("mutation.check")


def test_each_change_is_made_once_and_alone(changes: Any) -> None:
    found = list(changes.of_file(SqlFile("views/shop/live/late.sql", Path("late.sql"), VIEW)))
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


def test_every_change_is_valid_sql(changes: Any, empty_db: str) -> None:
    with psycopg.connect(empty_db) as connection:
        connection.execute(TABLES)
        connection.execute(VIEW)
        for one in changes.of_file(SqlFile("views/shop/live/late.sql", Path("late.sql"), VIEW)):
            connection.execute(one.text)


def verdict(mutate: Any, name: str, by: str | None) -> Any:
    return mutate.Verdict(f"{name}.sql", f"s.{name}", "x", "AND x", name, by)


def test_a_low_score_is_told_with_its_survivors(mutate: Any) -> None:
    answer = mutate.told([verdict(mutate, "a", "cases"), verdict(mutate, "b", None)])
    assert answer.exit_code == 1
    assert "b.sql: s.b: x: nobody noticed: AND x" in answer.lines
    assert answer.lines[-1] == "1 of 2 changes noticed (50.0%)"


def test_what_postgresql_refuses_neither_helps_nor_hurts(mutate: Any) -> None:
    answer = mutate.told([verdict(mutate, "a", mutate.REFUSED), verdict(mutate, "b", "cases")])
    assert answer.lines == ["1 of 1 changes noticed (100.0%)"]
    assert answer.exit_code == 0


def test_kept_verdicts_are_those_of_noticed_changes(mutate: Any, tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    assert mutate.earlier(path) == {}
    for one in (verdict(mutate, "a", "cases"), verdict(mutate, "b", None)):
        mutate.keep(path, one)
    assert [json.loads(line)["digest"] for line in path.read_text().splitlines()] == ["a", "b"]
    assert set(mutate.earlier(path)) == {"a"}


@pytest.fixture
def late(mutate: Any, changes: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The changes of one view, in place of those of a family."""
    found = list(changes.of_file(SqlFile("views/shop/live/late.sql", Path("late.sql"), VIEW)))
    monkeypatch.setattr(mutate, "mutants", lambda _: iter(found))
    monkeypatch.setattr(mutate, "equivalent", lambda _: set())
    return found


def test_a_sample_is_drawn_again_with_its_seed(mutate: Any, late: list[Any]) -> None:
    def drawn(*words: str) -> list[Any]:
        return mutate.choose(mutate.arguments().parse_args(["commerce", "--sample", "5", *words]))

    assert len(drawn()) == 5
    assert drawn() == drawn("--seed", "1") != drawn("--seed", "2")


def test_what_means_the_same_is_left_out(mutate: Any, late: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate, "equivalent", lambda _: {(late[3].name, late[3].change, late[3].where)})
    assert mutate.choose(mutate.arguments().parse_args(["commerce"])) == [*late[:3], *late[4:]]


@pytest.mark.parametrize("moved", [{"name": "shop.gone"}, {"change": "< becomes <=, change 99"}, {"where": "a <= b"}])
def test_a_listed_change_that_is_not_made_is_refused(
    mutate: Any, late: list[Any], monkeypatch: pytest.MonkeyPatch, moved: dict[str, str]
) -> None:
    other = replace(late[0], **moved)
    monkeypatch.setattr(mutate, "equivalent", lambda _: {(other.name, other.change, other.where)})
    with pytest.raises(mutate.UsageProblem, match=re.escape(f"{other.name}: {other.change}")):
        mutate.choose(mutate.arguments().parse_args(["commerce"]))


@pytest.mark.parametrize("family", spec.families())
def test_every_listed_change_is_made_and_has_its_reason(mutate: Any, changes: Any, family: str) -> None:
    found = list(changes.mutants(family))
    assert {one.path.split("/")[2] for one in found} >= {"rules", "live"}
    assert mutate.equivalent(family) <= {(one.name, one.change, one.where) for one in found}


def test_what_reads_an_object_is_found_through_others(mutate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reach = importlib.import_module("mutation.reach")
    texts = {
        "shop.late": VIEW,
        "shop.report()": "SELECT * FROM shop.late_as_of; -- shop.rest",
        "shop.rest": "SELECT 1;",
    }
    found = [SqlFile(f"views/{name}.sql", Path("x"), f"-- {name}\n{text}") for name, text in texts.items()]
    monkeypatch.setattr(reach.files, "rerunnable", lambda _: found)
    assert reach.distances("shop.orders", reach.readers()) == {"shop.orders": 0, "shop.late": 1, "shop.report": 2}


def test_cheap_checks_that_caught_the_object_before_come_first(check: Any) -> None:
    def made(label: str, names: set[str], **more: Any) -> Any:
        return check.Check(label, names, lambda *_: False, **more)

    checks = [
        made("tests", {"s.a"}, cost=1), made("far", {"s.b"}), made("near", {"s.a"}), made("other", {"s.z"}),
        made("caught", {"s.b"}, caught={"s.a": 2}),
    ]  # fmt: skip
    ordered = check.in_order(checks, "s.a", {"s.a": 0, "s.b": 1})
    assert [one.label for one in ordered] == ["caught", "near", "far", "tests"]


@pytest.mark.parametrize(
    ("ends_within", "noticed", "by"), [(1, True, "c"), (500, False, None), (9999, False, "c never ends")]
)
def test_only_what_never_ends_is_a_hang(check: Any, ends_within: float, noticed: bool, by: str | None) -> None:
    def run(_: Any, limit: float) -> bool:
        if limit < ends_within:
            raise check.OutOfTime
        return noticed

    mutant = importlib.import_module("mutation.changes").Mutant("a.sql", "s.a", "x", "SELECT 1", "1")
    assert check.Check("c", {"s.a"}, run, seconds=5.0).notices(mutant) == by


def test_a_change_is_noticed_in_a_transaction_that_leaves_nothing(late: list[Any], empty_db: str) -> None:
    inside = importlib.import_module("mutation.inside")
    body = "SELECT 'not ok' WHERE pg_get_viewdef('shop.late'::regclass) <> current_setting('a.was')"
    with psycopg.connect(empty_db, autocommit=True) as connection:
        connection.execute(TABLES + VIEW)
        connection.execute("SELECT set_config('a.was', pg_get_viewdef('shop.late'::regclass), false)")
        run = inside._tap(connection, body)
        assert [run(None, 60.0), run(late[0], 60.0), run(None, 60.0)] == [False, True, False]
        failing = inside._tap(connection, "SELECT 1 / 0")
        assert failing(None, 60.0)
        with pytest.raises(importlib.import_module("mutation.check").OutOfTime):
            inside._tap(connection, "SELECT pg_sleep(600)")(None, 0.1)


def test_the_statements_of_a_case_are_found_however_deep_they_are(mutate: Any) -> None:
    outside = importlib.import_module("mutation.outside")
    steps = [
        {"do": "run", "statement": "a", "refused": "b"},
        {"do": "each", "steps": [{"do": "load", "note": "c"}]},
        {"do": "script", "steps_of": {"save": [{"do": "run", "statement": "d"}]}},
    ]
    assert list(outside._statements(steps)) == ["a", "b", "c", "d"]
