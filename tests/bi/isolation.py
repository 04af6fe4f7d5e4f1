"""A bank and two shops, logins of every kind, and what each of them may see of every bi view."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from shop_files import Plan, generate

from tidemark import db, demo, refresh
from tidemark.config import Settings
from tidemark.load.uploads import Job, load_files
from tidemark.steps import finish

ORACLES = Path(__file__).with_name("oracles")
FILES = ("variants", "catalog", "inventory", "orders")
FRAME = {"catalog", "freshness"}  # of no family: they tell of the contract and of ages
_PART = re.compile(r"^-- name: (\w+)\n-- kind: (\w+)\n(.*?;)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Opened:
    """What grants of one kind open in one view: a query over what the owner sees, of one :value or of all :values."""

    family: str
    view: str
    kind: str
    query: str

    def rows(self, connection: psycopg.Connection[Any], values: list[str]) -> Counter[str]:
        """Rows that the values open; where a query takes one at a time, a row that two of them open comes once."""
        query = self.query.rstrip(";")
        if ":values" in query:
            given = [query.replace(":values", sql.Literal(values).as_string(connection))]
        else:
            given = [query.replace(":value", sql.Literal(value).as_string(connection)) for value in values]
        return reduce(or_, (seen(connection, f"({one}) AS opened", "opened") for one in given), Counter())


def oracles() -> list[Opened]:
    return [
        Opened(file.stem, *found)
        for file in sorted(ORACLES.glob("*.sql"))
        for found in _PART.findall(file.read_text())
    ]


def seen(connection: psycopg.Connection[Any], relation: str, alias: str) -> Counter[str]:
    """Rows of a relation as texts, with how often each comes."""
    return Counter(dict(connection.execute(f"SELECT {alias}::text, count(*) FROM {relation} GROUP BY 1").fetchall()))


def rows_of(connection: psycopg.Connection[Any], view: str) -> Counter[str]:
    return seen(connection, f"bi.{view} AS opened", "opened")


def views(connection: psycopg.Connection[Any]) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace AND relkind = 'v' ORDER BY 1"
        )
    ]


@contextmanager
def login(owner: psycopg.Connection[Any], name: str, *groups: str) -> Iterator[str]:
    """A login of the server, with the groups; gone at the end, its grants too."""
    owner.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    try:
        for group in groups:
            owner.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(name)))
        yield name
    finally:
        owner.execute("SELECT access.revoke_scope(%s)", [name])
        owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def fill(dsn: str, folder: Path) -> None:
    """Everything that the demonstration shows, and a second shop with other rows; every bi view has some."""
    settings = Settings(dsn=dsn, dsn_source="the tests")
    with db.connect(dsn) as connection:
        finish(demo.prepare(connection, settings, demo.shows(), 60, 1))
        connection.execute("UPDATE commerce.timing_limits SET limit_ms = 0.001")
        finish(generate(Plan(lines=600, seed=5), folder))
        jobs = [
            Job("commerce", str(folder / f"{name}.csv"), {"shop": "other.example", "run": "r2"}) for name in FILES
        ]
        assert all(loaded.is_good for loaded in finish(load_files(settings, jobs)))
        connection.execute("SELECT commerce.mine_association_rules('other.example', 'r2')")
        connection.execute("SELECT commerce.propose_pair_bundles('other.example', 'r2')")
        finish(refresh.run(connection, settings, []))
