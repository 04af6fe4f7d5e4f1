"""A generated bank, and a look at every statement a call runs, those inside functions included.

The module auto_explain, loaded for one session, reports each executed statement with its plan as a notice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest

from tidemark import db, generate
from tidemark.steps import finish

AS_OF = "2025-06-30"
WATCH = """
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = 0;
    SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_analyze = on;
    SET auto_explain.log_timing = off;
    SET auto_explain.log_format = json;
    SET auto_explain.log_level = notice;
    SET client_min_messages = notice;
    SET jit = off;
"""


@dataclass(frozen=True)
class Statement:
    """One executed statement: its text and its plan with the rows it really read."""

    text: str
    plan: dict[str, Any]

    def nodes(self) -> Iterator[dict[str, Any]]:
        """All nodes of the plan, outer ones first."""
        waiting = [self.plan]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.get("Plans", [])

    def scans(self, table: str) -> list[dict[str, Any]]:
        """The nodes that read a table and were started at least once."""
        return [node for node in self.nodes() if node.get("Relation Name") == table and node["Actual Loops"]]


def rows_read(scans: list[dict[str, Any]]) -> int:
    """Rows that the scans fetched, also those a filter threw away."""
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return round(
        sum((node["Actual Rows"] + sum(node.get(key, 0) for key in removed)) * node["Actual Loops"] for node in scans)
    )


Watch = Callable[[psycopg.Connection[Any], str], list[Statement]]


@pytest.fixture(scope="session", name="watch")
def _watch() -> Watch:
    """Runs a statement and gives everything that was executed, in the order of completion."""

    def run(connection: psycopg.Connection[Any], statement: str) -> list[Statement]:
        with notices(connection) as texts:
            connection.execute(statement)
        reports = [json.loads(text.partition("plan:\n")[2]) for text in texts if "plan:\n" in text]
        return [Statement(report["Query Text"], report["Plan"]) for report in reports]

    return run


@contextmanager
def notices(connection: psycopg.Connection[Any]) -> Iterator[list[str]]:
    texts: list[str] = []

    def take(diagnostic: psycopg.errors.Diagnostic) -> None:
        texts.append(diagnostic.message_primary or "")

    connection.add_notice_handler(take)
    try:
        yield texts
    finally:
        connection.remove_notice_handler(take)


@dataclass(frozen=True)
class Bank:
    """A database of generated models."""

    dsn: str

    def grow(self, models: int, append: bool = True) -> None:
        """Generates models; with ``append`` they come on top of those that exist."""
        request = generate.Request(size=models, as_of=date.fromisoformat(AS_OF), append=append)
        with db.connect(self.dsn) as connection:
            finish(generate.generate(connection, "model_risk", request))
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def refresh(self) -> None:
        """Brings the stored views of the domain up to date, sources first."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(f"SET tidemark.as_of = '{AS_OF}'")
            views = connection.execute("""
                SELECT sv.view_name FROM refresh.stored_views AS sv LEFT JOIN refresh.dependency AS dep USING (view_id)
                WHERE sv.view_name LIKE 'model\\_risk.%' GROUP BY sv.view_name ORDER BY coalesce(max(dep.distance), 0), sv.view_name
            """).fetchall()
            for (view,) in views:
                connection.execute("SELECT refresh.run(%s)", [view])

    @contextmanager
    def session(self, source: str = "live") -> Iterator[psycopg.Connection[Any]]:
        """A connection that reports what it runs; its work is rolled back."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute(WATCH)
            connection.execute(f"SET tidemark.as_of = '{AS_OF}'; SET tidemark.source = '{source}'")
            connection.commit()
            yield connection
            connection.rollback()


@pytest.fixture(scope="module", name="make_bank")
def _make_bank(server: Any, applied_db: str) -> Iterator[Callable[[int], Bank]]:
    """Makes a bank of so many models in a database of its own, dropped after the module."""
    open_databases = []

    def make(models: int) -> Bank:
        context = server.database(applied_db)
        bank = Bank(server.dsn(context.__enter__()))
        open_databases.append(context)
        bank.grow(models, append=False)
        return bank

    yield make
    for context in open_databases:
        context.__exit__(None, None, None)
