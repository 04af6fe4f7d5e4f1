"""A database of an earlier release goes on in place: nothing runs twice, nothing declared or waiting is lost.

The dumps beside this file were made by ``make_dump.py`` in checkouts of those releases, on PostgreSQL 15.
"""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import config, db, doctor, refresh, server
from tidemark.deploy.apply import deployment
from tidemark.deploy.pending import bookkeeping
from tidemark.steps import finish

DUMPS = sorted(Path(__file__).parent.glob("*.sql.gz"))
ROLES = ("tidemark_app", "tidemark_bi", "tidemark_loader", "tidemark_operator", "upgrade_reader")
STORED = "field_office.visit_cost_by_site"

# what must be as it was
KEPT = {
    "migrations": "SELECT migration_id, applied_at_utc FROM deploy._yoyo_migration ORDER BY migration_id",
    "stored views": """
        SELECT sv.view_name, sv.live_name, sv.key_columns::text, sv.due_column, sv.target_lag, sv.also_by::text
        FROM refresh.stored_views AS sv ORDER BY sv.view_name""",
    "pending changes": """
        SELECT fre.view_name, fre.pending_count FROM refresh.freshness AS fre WHERE fre.pending_count > 0
        ORDER BY fre.view_name""",
    "mappings by hand": """
        SELECT dec.view_name, dec.source_name, dec.mapping FROM refresh.declared_mappings AS dec
        WHERE dec.view_name LIKE 'field_office.%' ORDER BY dec.view_name, dec.source_name""",
    "rights": """
        SELECT cls.oid::regclass::text, acl.grantee::regrole::text, acl.privilege_type
        FROM pg_class AS cls CROSS JOIN LATERAL aclexplode(cls.relacl) AS acl
        WHERE cls.relnamespace IN ('field_office'::regnamespace, 'bi'::regnamespace, 'model_risk'::regnamespace,
            'commerce'::regnamespace)
        ORDER BY 1, 2, 3""",
    "comment": f"SELECT obj_description('{STORED}'::regclass)",
}


@pytest.fixture(params=DUMPS, ids=lambda path: path.name.removesuffix(".sql.gz"))
def released(request: Any, server: Any) -> Iterator[tuple[str, str]]:
    """A restored database, as a superuser sees it and as its owner, who applies."""
    with server.database() as name:
        dsn = server.dsn(name)
        with psycopg.connect(dsn) as connection:
            for role in ROLES:
                if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
                    connection.execute(f"CREATE ROLE {role}")
        _restore(request.param, dsn)
        yield dsn, server.owner_dsn(name)


def _restore(path: Path, dsn: str) -> None:
    psql = [server.program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output", os.devnull, dsn]
    done = subprocess.run(psql, input=gzip.decompress(path.read_bytes()), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def kept(dsn: str) -> dict[str, list[Any]]:
    with psycopg.connect(dsn) as connection:
        return {subject: connection.execute(query).fetchall() for subject, query in KEPT.items()}


def test_a_released_database_goes_on_where_it_was(released: tuple[str, str]) -> None:
    dsn, owner = released
    settings = config.Settings(dsn=owner, dsn_source="the tests")
    before = kept(dsn)
    assert len(before["migrations"]) == 15
    assert len(before["stored views"]) == 15
    assert (STORED, 9) in before["pending changes"]

    with db.connect(owner) as connection:
        done = finish(deployment.apply(connection, settings))
    after = kept(dsn)

    applied_before = dict(before["migrations"])
    replaced = {old: one.id for one in bookkeeping.read() for old in one.replaces}
    came = {name: at for name, at in after["migrations"] if name not in applied_before}
    assert set(done.migrations).isdisjoint(applied_before), "a migration ran twice"
    assert set(done.migrations).isdisjoint(replaced.values()), "a migration ran again under its new name"
    assert {name: at for name, at in after["migrations"] if name in applied_before} == {
        name: at for name, at in applied_before.items() if name not in replaced
    }
    assert set(replaced.values()) <= set(came)
    for subject in ("stored views", "mappings by hand", "comment"):
        assert [row for row in after[subject] if row in before[subject]] == before[subject], subject
    assert {view for view, _ in before["pending changes"]} <= needing_a_run(dsn)
    assert STORED in needing_a_run(dsn), "what waited in a queue of that release is recomputed"
    assert [row for row in before["rights"] if row not in after["rights"]] == []

    with db.connect(owner) as connection:
        again = finish(deployment.apply(connection, settings))
        assert again.is_empty, (again.migrations, again.files.ran)
        assert [row.view_name for row in finish(refresh.run(connection, settings, [])) if row.mode == "failed"] == []
        drift = finish(doctor.drifted(connection, settings))
    # what the engine generated for the stored view that no file declares is in no file either
    by_hand = [one for one in drift if one.identity.startswith("refresh_data.") and one.difference == "is in no file"]
    assert [one for one in drift if one not in by_hand] == []
    with psycopg.connect(dsn) as plain:
        names = [view for view, *_ in after["stored views"]]
        assert [name for name in names if not is_equal(plain, name)] == []
        assert plain.execute(f"SELECT count(*) FROM {STORED}").fetchone() == (6,)  # site 6 is gone
        plain.execute("SET ROLE upgrade_reader")
        assert plain.execute(f"SELECT count(*) FROM {STORED}").fetchone() == (6,)
        # of bi a reader of that release sees nothing until somebody decides: parts, or all as before
        plain.execute("RESET ROLE; GRANT tidemark_bi TO upgrade_reader")
        shown = plain.execute("SELECT count(*) FROM bi.commerce_upload").fetchone()
        assert shown
        assert shown[0] > 0
        for statement, expected in (
            ("REVOKE tidemark_bi_all FROM upgrade_reader", (0,)),
            ("GRANT tidemark_bi_all TO upgrade_reader", shown),
        ):
            plain.execute(statement)
            plain.execute("SET ROLE upgrade_reader")
            assert plain.execute("SELECT count(*) FROM bi.commerce_upload").fetchone() == expected
            plain.execute("RESET ROLE")


def test_uploads_of_a_released_database_are_kept_and_a_half_staged_one_ends_well(released: tuple[str, str]) -> None:
    dsn, owner = released
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET SESSION AUTHORIZATION tidemark")
        before = connection.execute("SELECT * FROM load.issues ORDER BY upload_id, row_no, column_name").fetchall()
        ended = connection.execute("SELECT upload_id, load_status FROM load.uploads ORDER BY upload_id").fetchall()
        (number,) = connection.execute(
            "SELECT load.open_upload('commerce.orders', 'half.csv', '{\"shop\": \"half.example\"}')"
        ).fetchone() or (0,)
        header = ["order_id", "created_at", "sku", "quantity", "unit_price"]
        connection.execute("SELECT load.begin_staging(%s, %s)", [number, header])
        connection.execute(
            f"INSERT INTO load_data.stage_{number} (c1, c2, c3, c4, c5) VALUES ('1', '2024-01-05', 'A', '2', '12.50')"
        )
        connection.execute("SELECT load.note_staged(%s, 100, 1, '\\x00', TRUE)", [number])
    with db.connect(owner) as connection:
        finish(deployment.apply(connection, config.Settings(dsn=owner, dsn_source="the tests")))
    with psycopg.connect(owner, autocommit=True) as connection:
        after = connection.execute("SELECT * FROM load.issues ORDER BY upload_id, row_no, column_name").fetchall()
        assert after == before
        rows = connection.execute("SELECT upload_id, load_status FROM load.uploads ORDER BY upload_id").fetchall()
        assert rows == [*ended, (number, "staged")]
        assert connection.execute("SELECT load.finish_upload(%s)", [number]).fetchone() == ("loaded",)
        assert connection.execute(
            "SELECT order_id, unit_price::text FROM commerce.order_lines WHERE shop_id = 'half.example'"
        ).fetchall() == [("1", "12.50")]


def needing_a_run(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        return {name for (name,) in connection.execute("SELECT view_name FROM refresh.freshness WHERE needs_run")}


def is_equal(connection: psycopg.Connection[Any], view: str) -> bool:
    row = connection.execute("SELECT is_equal FROM refresh.verify(%s)", [view]).fetchone()
    return row is not None and bool(row[0])
