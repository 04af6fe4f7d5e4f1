"""A database of five tables for derived mappings, whose changes are taken back after each test."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tidemark import db

_spec = importlib.util.spec_from_file_location("derive_harness", Path(__file__).with_name("harness.py"))
assert _spec
assert _spec.loader
harness = importlib.util.module_from_spec(_spec)
sys.modules["derive_harness"] = harness
_spec.loader.exec_module(harness)


@pytest.fixture(scope="module")
def tables(server: Any) -> Iterator[str]:
    """Connection string of a database with the tables, empty."""
    with server.database() as name:
        with db.connect(server.dsn(name)) as connection, db.transaction(connection):
            connection.execute("CREATE SCHEMA refresh")
            connection.execute("CREATE FUNCTION refresh.time_zone() RETURNS text LANGUAGE sql STABLE RETURN 'UTC'")
            harness.create(connection)
            harness.prepare_relations(connection)
        yield server.dsn(name)


@pytest.fixture
def w(tables: str) -> Iterator[db.Connection]:
    """A connection in a transaction that is rolled back."""
    with db.connect(tables) as connection, connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture(scope="session", name="harness")
def _harness() -> Any:
    return harness
