"""The golden organisation, copies of it, and an office for what must be committed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from planning_office import DAY, EVERYTHING, Connection, Office, fill


@pytest.fixture(scope="session", name="golden_db")
def _golden_db(server: Any, applied_db: str) -> Iterator[str]:
    """Name of a database with the golden rows; a template, nobody stays connected."""
    with server.database(applied_db) as name:
        fill(server.dsn(name))
        yield name


@pytest.fixture(scope="session", name="golden_dsn")
def _golden_dsn(server: Any, golden_db: str) -> Iterator[str]:
    """A copy that is only read, or written and rolled back."""
    with server.database(golden_db) as name:
        yield server.dsn(name)


@pytest.fixture
def golden(golden_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(golden_dsn) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session", name="office_dsn")
def _office_dsn(server: Any, applied_db: str) -> Iterator[str]:
    with server.database(applied_db) as name:
        yield server.dsn(name)


@pytest.fixture
def office(office_dsn: str) -> Iterator[Office]:
    made = Office(office_dsn)
    yield made
    made.close()


@pytest.fixture(scope="session", name="whole_dsn")
def _whole_dsn(server: Any, applied_db: str) -> Iterator[str]:
    """The golden rows, all of them, with stored figures of one day."""
    with server.database(applied_db) as name:
        dsn = server.dsn(name)
        fill(dsn, EVERYTHING)
        with psycopg.connect(dsn) as owner:
            owner.execute("SELECT set_config('tidemark.as_of', %s, false)", [DAY])
            owner.execute(
                "SELECT refresh.run(sv.view_name) FROM refresh.stored_views AS sv WHERE sv.view_name LIKE 'planning.%'"
            )
        yield dsn


@pytest.fixture(name="whole")
def _whole(whole_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(whole_dsn) as connection:
        connection.execute("SELECT set_config('tidemark.as_of', %s, false)", [DAY])
        yield connection
        connection.rollback()
