"""A made-up trade office: some companies with verdicts, assessments that wait, and declarations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from tidemark import config, db, refresh
from tidemark.generate import Request, generate
from tidemark.steps import finish


@pytest.fixture(scope="module")
def office(server: Any, applied_db: str) -> Iterator[str]:
    """Connection string of a database filled around 2025-06-30 whose stored views have run once."""
    with server.database(applied_db) as name:
        dsn = str(server.dsn(name))
        with db.connect(dsn) as connection:
            finish(generate(connection, "trade", Request(600, date(2025, 6, 30), 3, False, False)))
            finish(refresh.run(connection, config.Settings(dsn=dsn, dsn_source="the tests"), []))
        yield dsn


@pytest.fixture
def owner(office: str) -> Iterator[psycopg.Connection[Any]]:
    """Taken back at the end."""
    with psycopg.connect(office) as connection:
        connection.execute("SET tidemark.as_of = '2025-06-30'")
        yield connection
        connection.rollback()
