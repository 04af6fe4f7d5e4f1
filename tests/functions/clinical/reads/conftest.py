"""The golden reporting efforts, and a copy of them that tests read, or write and take back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.golden import files, load
from tidemark.steps import finish

GOLDEN = Path(__file__).parents[3] / "golden" / "clinical"
IDENTITIES = """
    SELECT setval(pg_get_serial_sequence(att.attrelid::regclass::text, att.attname), 100000)
    FROM pg_attribute AS att JOIN pg_class AS cls ON cls.oid = att.attrelid
    WHERE cls.relnamespace = 'clinical'::regnamespace AND att.attidentity <> ''
"""


@pytest.fixture(scope="session", name="efforts_dsn")
def _efforts_dsn(server: Any, applied_db: str) -> Iterator[str]:
    with server.database(applied_db) as name:
        with db.connect(server.owner_dsn(name)) as owner:
            tables = [file for path, file in files.find(GOLDEN).items() if path.startswith("tables/")]
            finish(load.load_tables(owner, "clinical", tables))
            owner.execute(IDENTITIES)
        yield server.dsn(name)


@pytest.fixture
def busy_dsn(server: Any, efforts_dsn: str) -> Iterator[str]:
    """A copy that is written for good."""
    with server.database(psycopg.conninfo.conninfo_to_dict(efforts_dsn)["dbname"]) as name:
        yield server.dsn(name)


@pytest.fixture
def efforts(efforts_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(efforts_dsn) as connection:
        connection.execute("SET tidemark.as_of = '2025-06-16'")
        yield connection
        connection.rollback()
