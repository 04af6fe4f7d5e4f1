"""Uploads belong to logins: two loaders, one that works through SET ROLE, and an operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.load import uploads
from tidemark.steps import finish

GOOD = b"item_id,place_id,available\nI1,L1,5\nI2,L1,x\n"
# Every verb that takes an upload, as another login would call it.
CALLS = [
    "SELECT load.claim_upload(%s)",
    "SELECT * FROM load.reading_rules(%s)",
    "SELECT load.begin_staging(%s, '{a}')",
    "SELECT load.number_from(%s, 1)",
    "SELECT load.note_staged(%s, 0, 0, '\\x00', TRUE)",
    "SELECT load.note_phase(%s, 'parse', 1, 1)",
    "SELECT load.give_up(%s, 'x', 'x', 'x')",
    "SELECT load.finish_upload(%s)",
]


@pytest.fixture
def logins(place: Any) -> Iterator[None]:
    with psycopg.connect(place.dsn, autocommit=True) as connection:
        for name, role, more in (
            ("ld1", "tidemark_loader", ""),
            ("ld2", "tidemark_loader", ""),
            ("ld3", "tidemark_loader", "NOINHERIT"),
            ("op1", "tidemark_operator", ""),
        ):
            connection.execute(f"DROP ROLE IF EXISTS {name}")
            connection.execute(f"CREATE ROLE {name} LOGIN {more} IN ROLE {role}")
    yield
    with psycopg.connect(place.dsn, autocommit=True) as connection:
        for name in ("ld1", "ld2", "ld3", "op1"):
            connection.execute(f"DROP OWNED BY {name}")
            connection.execute(f"DROP ROLE {name}")


def as_login(place: Any, name: str, role: str | None = None) -> str:
    return psycopg.conninfo.make_conninfo(place.dsn, user=name, **({"options": f"-c role={role}"} if role else {}))


def load(place: Any, dsn: str, content: bytes = GOOD) -> Any:
    job = uploads.Job("stock", place.file(content), {"shop": "a.example"})
    return finish(uploads.load_file(lambda: db.connect(dsn), job)).upload


def half_staged(place: Any, dsn: str) -> int:
    with psycopg.connect(dsn, autocommit=True) as connection:
        (number,) = (
            connection.execute("SELECT load.open_upload('stock', 'x.csv', '{\"shop\": \"a\"}')").fetchone() or ()
        )
        connection.execute("SELECT load.begin_staging(%s, '{item_id}')", [number])
        return int(number)


@pytest.mark.usefixtures("logins")
@pytest.mark.parametrize("call", CALLS)
def test_another_loader_cannot_touch_an_upload(place: Any, call: str) -> None:
    number = half_staged(place, as_login(place, "ld1"))
    before = place.rows("SELECT * FROM load.uploads")
    with psycopg.connect(as_login(place, "ld2"), autocommit=True) as other:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="belongs to another login"):
            other.execute(call, [number])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(f"INSERT INTO load_data.stage_{number} (c1) VALUES ('mine')")
    assert place.rows("SELECT * FROM load.uploads") == before
    with psycopg.connect(as_login(place, "op1"), autocommit=True) as operator:
        operator.execute(call, [number])


@pytest.mark.usefixtures("logins")
@pytest.mark.parametrize("view", ["upload", "issue", "rejected_record", "outcome"])
def test_each_loader_sees_his_own_and_an_operator_all(place: Any, view: str) -> None:
    mine = load(place, as_login(place, "ld1"))
    place.rows("INSERT INTO load.outcomes VALUES (%s, 1, 'create', '{}') RETURNING 1", mine.upload_id)
    leak = (
        "CREATE FUNCTION pg_temp.leak(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
        " AS 'BEGIN RAISE NOTICE $m$%$m$, $1; RETURN TRUE; END'"
    )
    for name, seen in (("ld1", True), ("ld2", False), ("op1", True)):
        with psycopg.connect(as_login(place, name), autocommit=True) as connection:
            told: list[str] = []
            connection.add_notice_handler(lambda notice, told=told: told.append(notice.message_primary))
            connection.execute(leak)
            rows = connection.execute(f"SELECT 1 FROM load.{view} WHERE pg_temp.leak(upload_id)").fetchall()
            assert (bool(rows), bool(told)) == (seen, seen)


@pytest.mark.usefixtures("logins")
def test_a_login_that_works_through_set_role_loads(place: Any) -> None:
    upload = load(place, as_login(place, "ld3", "tidemark_loader"))
    assert (upload.load_status, upload.started_by, upload.processed_rows) == ("loaded", "ld3", 1)


@pytest.mark.usefixtures("logins")
def test_a_table_granted_to_the_role_takes_records_of_its_owner_only(place: Any) -> None:
    number = half_staged(place, as_login(place, "ld3", "tidemark_loader"))
    insert = f"COPY load_data.stage_{number} (c1) FROM STDIN"
    for name in ("ld1", "ld3"):
        with psycopg.connect(as_login(place, name, "tidemark_loader"), autocommit=True) as connection:
            if name == "ld1":
                with (
                    pytest.raises(psycopg.errors.InsufficientPrivilege, match="records of another login"),
                    connection.cursor() as cursor,
                    cursor.copy(insert) as copy,
                ):
                    copy.write("x\n")
            else:
                with connection.cursor() as cursor, cursor.copy(insert) as copy:
                    copy.write("x\n")
    assert place.rows(f"SELECT count(*) AS n FROM load_data.stage_{number}") == [{"n": 1}]


@pytest.mark.usefixtures("logins")
def test_the_same_content_of_another_login_is_not_loaded_twice(place: Any) -> None:
    first = load(place, as_login(place, "ld1"))
    again = load(place, as_login(place, "ld2"))
    assert (again.load_status, again.repeats_upload_id) == ("repeated", first.upload_id)
