"""Every constraint of clinical that the database could refuse a row by is violated by a test of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg


def test_each_check_and_each_unique_key_is_violated_once(conn: psycopg.Connection[Any]) -> None:
    found = conn.execute(
        """
        SELECT con.conname FROM pg_constraint AS con
        WHERE con.connamespace = 'clinical'::regnamespace AND con.contype IN ('c', 'u', 'x')
            -- what contains a primary key is there for foreign keys, and cannot be violated before that is
            AND NOT EXISTS (
                SELECT FROM pg_constraint AS key WHERE key.conrelid = con.conrelid AND key.contype = 'p' AND key.conkey <@ con.conkey
            )
        """
    ).fetchall()
    texts = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_clinical_*.sql"))
    assert {name for (name,) in found if f" {name}'" not in texts} == set()


def test_every_foreign_key_has_an_index_on_its_id(conn: psycopg.Connection[Any]) -> None:
    found = conn.execute(
        """
        SELECT con.conname
        FROM pg_constraint AS con
        WHERE con.connamespace = 'clinical'::regnamespace AND con.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index AS idx
            WHERE idx.indrelid = con.conrelid AND idx.indpred IS NULL
                AND idx.indkey[0] = ANY(con.conkey)
        )
        """
    ).fetchall()
    assert found == []
