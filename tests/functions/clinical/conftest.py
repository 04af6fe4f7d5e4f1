"""A small office: two efforts with a few items, and users of every kind. One database for the module; each test is taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

ADMIN, EDITOR, VIEWER, INACTIVE, OTHER, NOBODY = 1, 2, 3, 4, 5, 99
OWN = "family = 'clinical' AND transaction_id = pg_current_xact_id()"
PEOPLE = """
    INSERT INTO clinical.users (id, username, email, role, is_active) VALUES
    (1, 'ada', 'ada@x', 'ADMIN', TRUE), (2, 'eve', 'eve@x', 'EDITOR', TRUE), (3, 'vic', 'vic@x', 'VIEWER', TRUE),
    (4, 'ian', NULL, 'EDITOR', FALSE), (5, 'oli', NULL, 'EDITOR', TRUE);
    INSERT INTO clinical.studies (id, study_label) VALUES (1, 'ABC 001'), (2, 'XYZ');
    INSERT INTO clinical.database_releases (id, study_id, database_release_label) VALUES (1, 1, 'Lock 1'), (2, 2, 'Lock 1');
    INSERT INTO clinical.reporting_efforts (id, study_id, database_release_id, reporting_effort_label)
    VALUES (1, 1, 1, 'CSR'), (2, 1, 1, 'Topline');
    INSERT INTO clinical.text_elements (id, type, label) VALUES
    (1, 'title', 'Adverse events'), (2, 'footnote', 'Note 1'), (3, 'population_set', 'Safety'), (4, 'acronyms_set', 'AE'), (5, 'footnote', 'Note 2');
    INSERT INTO clinical.packages (id, package_name) VALUES (1, 'Standard'), (2, 'Empty');
    INSERT INTO clinical.package_items (id, package_id, item_type, item_subtype, item_code)
    VALUES (1, 1, 'TLF', 'Table', 't1'), (2, 1, 'Dataset', 'SDTM', 'DM');
    INSERT INTO clinical.package_tlf_details (package_item_id, title_id) VALUES (1, 1);
    INSERT INTO clinical.reporting_effort_items (id, reporting_effort_id, item_type, item_subtype, item_code, is_active) VALUES
    (1, 1, 'TLF', 'Table', 't1', TRUE), (2, 1, 'TLF', 'Listing', 'l1', TRUE), (3, 1, 'TLF', 'Figure', 'f1', FALSE),
    (4, 2, 'Dataset', 'SDTM', 'DM', TRUE), (5, 2, 'TLF', 'Table', 'bare', TRUE);
    INSERT INTO clinical.reporting_effort_item_tracker (id, reporting_effort_item_id, reporting_effort_id)
    VALUES (1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 2);
    INSERT INTO clinical.tracker_comments (id, tracker_id, user_id, comment_text, comment_type)
    VALUES (1, 1, 3, 'please check', 'biostat'), (2, 3, 3, 'hidden', 'biostat');
    INSERT INTO clinical.tracker_tags (id, name) VALUES (1, 'Topline')
"""
TABLES = [
    "users",
    "studies",
    "database_releases",
    "reporting_efforts",
    "text_elements",
    "packages",
    "package_items",
    "package_tlf_details",
    "reporting_effort_items",
    "reporting_effort_item_tracker",
    "tracker_comments",
    "tracker_tags",
]


class Office:
    """One session, and short ways to call, to ask and to see what a call left behind."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.main = self.session()
        self.main.autocommit = False

    def session(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.dsn, autocommit=True, row_factory=dict_row)

    def call(self, function: str, *arguments: Any) -> dict[str, Any]:
        """The columns that a write function answers."""
        marks = ", ".join(["%s"] * len(arguments))
        given = [json.dumps(value) if isinstance(value, dict) else value for value in arguments]
        given = [json.dumps(v) if isinstance(v, list) and v and isinstance(v[0], dict) else v for v in given]
        row = self.main.execute(f"SELECT * FROM clinical.{function}({marks})", given).fetchone()
        assert row is not None
        return dict(row)

    def status(self, function: str, *arguments: Any) -> str:
        return str(next(iter(self.call(function, *arguments).values())))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.main.execute(query, values).fetchall()]

    def value(self, query: str, *values: Any) -> Any:
        ((found,),) = self.rows(query, *values)
        return found

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Types and rooms of what was told in this transaction."""
        query = f"SELECT event_type, payload -> 'rooms' FROM events.change WHERE {OWN} ORDER BY event_id"
        return [tuple(row) for row in self.rows(query)]  # type: ignore[misc]

    def entries(self) -> list[tuple[Any, ...]]:
        return self.rows(
            f"SELECT table_name, row_key, action, before_values, after_values FROM audit.entries WHERE {OWN} ORDER BY entry_no"
        )

    def everything(self) -> Any:
        """All rows of all tables, stamps included, and what was recorded and told."""
        parts = " || ".join(
            f"(SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]') FROM {table} AS t)"
            for table in self.tables()
        )
        return self.value(f"SELECT md5(({parts})::text)")

    def tables(self) -> list[str]:
        found = self.rows(
            "SELECT 'clinical.' || relname FROM pg_class WHERE relnamespace = 'clinical'::regnamespace AND relkind = 'r'"
        )
        return [table for (table,) in found] + ["audit.entries", "events.change"]


@pytest.fixture(scope="module")
def office_db(server: Any, applied_db: str) -> Iterator[str]:
    """Connection string of a database with the office and nothing done yet."""
    with server.database(applied_db) as name:
        with psycopg.connect(server.owner_dsn(name), autocommit=True) as connection:
            for statement in PEOPLE.split(";\n"):
                connection.execute(statement)
            for table in TABLES:
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('clinical.{table}', 'id'), 100) FROM clinical.{table} LIMIT 1"
                )
        yield server.owner_dsn(name)


@pytest.fixture
def office(office_db: str) -> Iterator[Office]:
    made = Office(office_db)
    yield made
    made.main.rollback()
    made.main.close()
