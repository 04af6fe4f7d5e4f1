"""The logins of BI tools: what one of them should have, what the database should not give to everybody, who tells."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tidemark import access, config, db, doctor
from tidemark import server as programs
from tidemark.load.uploads import Job, load_files
from tidemark.steps import finish

SCRIPT = Path(__file__).parents[2] / "scripts" / "bi_login.sql"
LACKING = {
    "connect", "connections", "default_transaction_read_only", "grants", "idle_in_transaction_session_timeout",
    "large objects", "search_path", "statement_timeout",
}  # fmt: skip
DECIDED = {"grants", "large objects"}  # not by the owner of the database


@pytest.fixture(name="site")
def _site(server: Any, applied_db: str) -> Iterator[tuple[Any, str]]:
    """A database of its own, whose owner made a login for a BI tool, one for loading, and one that is nobody's."""
    names = ("desk", "desk_loader", "desk_stranger")
    with server.database(applied_db) as name:
        with psycopg.connect(server.owner_dsn(name), autocommit=True) as owner:
            for login in names:
                owner.execute(f"CREATE ROLE {login} LOGIN")
            owner.execute("GRANT tidemark_bi TO desk; GRANT tidemark_loader TO desk_loader")
        try:
            yield server, name
        finally:
            with psycopg.connect(server.dsn(name), autocommit=True) as owner:
                for login in names:
                    owner.execute(f"DROP OWNED BY {login}; DROP ROLE {login}")
    server.execute("GRANT EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid) TO PUBLIC")


def lacking(dsn: str, login: str = "desk") -> set[str]:
    with db.connect(dsn) as connection:
        return {gap.subject for gap in access.gaps(connection, login)}


def test_a_plain_login_lacks_all_of_it_and_one_call_gives_what_its_caller_may(site: Any) -> None:
    server, name = site
    assert lacking(server.owner_dsn(name)) == LACKING
    with db.connect(server.owner_dsn(name)) as connection:
        assert {gap.subject for gap in access.secure(connection, "desk")} == LACKING
        assert {gap.subject for gap in access.gaps(connection, "desk")} == DECIDED
    with db.connect(server.dsn(name)) as connection:
        access.secure(connection, "desk")
        assert {gap.subject for gap in access.gaps(connection, "desk")} == {"grants"}
        access.grant(connection, "desk", "commerce", "all", [], must_exist=True)
        assert access.gaps(connection, "desk") == []

    with psycopg.connect(server.dsn(name, "desk"), autocommit=True) as desk:
        read = "SELECT current_setting(s) FROM unnest(ARRAY['default_transaction_read_only', 'statement_timeout',"
        read += " 'idle_in_transaction_session_timeout', 'search_path']) AS s"
        assert desk.execute(read).fetchall() == [("on",), ("1min",), ("1min",), ("bi",)]
        assert desk.execute("SELECT count(*) FROM commerce_upload").fetchone() == (0,)
        desk.execute("SET default_transaction_read_only = off")  # a default, not a wall: what follows is one
        for statement in (
            "CREATE TEMPORARY TABLE mine (a integer)",
            "CREATE FUNCTION pg_temp.mine() RETURNS integer LANGUAGE sql RETURN 1",
            "CREATE TABLE public.mine (a integer)",
            "CREATE SCHEMA mine",
            "SELECT lo_create(0)",
            "SELECT lo_from_bytea(0, 'x')",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                desk.execute(statement)


def test_the_rest_of_the_house_works_on_and_strangers_stay_outside(site: Any, tmp_path: Path) -> None:
    server, name = site
    with db.connect(server.owner_dsn(name)) as connection:
        access.secure(connection, "desk")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.dsn(name, "desk_stranger"))
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price\n#1,,2025-01-02 03:04:05 +0000,1,Mug,5\n"
    )
    settings = config.Settings(dsn=server.dsn(name, "desk_loader"), dsn_source="the tests")
    (loaded,) = finish(
        load_files(settings, [Job("commerce.orders", str(orders), {"shop": "desk.example", "run": "r"})])
    )
    assert loaded.error is None
    assert loaded.upload.load_status in ("loaded", "failed")


def test_connections_are_limited(site: Any) -> None:
    server, name = site
    with db.connect(server.owner_dsn(name)) as connection:
        access.secure(connection, "desk")
        connection.execute("ALTER ROLE desk CONNECTION LIMIT 2")
        assert "connections" not in {gap.subject for gap in access.gaps(connection, "desk")}
    held = [psycopg.connect(server.dsn(name, "desk")) for _ in range(2)]
    with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
        psycopg.connect(server.dsn(name, "desk"))
    for connection in held:
        connection.close()


def test_the_script_does_the_same(site: Any) -> None:
    server, name = site
    command = [
        programs.program("psql"),
        "-X",
        "-v",
        "ON_ERROR_STOP=1",
        "-v",
        "login=desk",
        "-f",
        str(SCRIPT),
        server.dsn(name),
    ]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert lacking(server.owner_dsn(name)) == {"grants"}


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ("ALTER ROLE desk IN DATABASE {} SET statement_timeout = 0", "statement_timeout"),
        ("ALTER ROLE desk IN DATABASE {} SET statement_timeout = '0ms'", "statement_timeout"),
        ("ALTER ROLE desk IN DATABASE {} SET default_transaction_read_only = off", "default_transaction_read_only"),
        ("ALTER ROLE desk IN DATABASE {} SET search_path = public, bi", "search_path"),
        ("ALTER ROLE desk CONNECTION LIMIT -1", "connections"),
        ("ALTER ROLE desk CREATEDB", "attributes"),
        ("GRANT USAGE ON SCHEMA model_risk TO desk", "schemas"),
        ("GRANT pg_read_all_data TO desk", "schemas"),
        ("GRANT TEMPORARY ON DATABASE {} TO PUBLIC", "connect"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "schema public"),
    ],
)
def test_what_was_changed_since_is_told(site: Any, change: str, subject: str) -> None:
    server, name = site
    with db.connect(server.dsn(name)) as connection:
        access.secure(connection, "desk")
        # further away than what the login has in this database
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = off".encode())
        connection.execute("ALTER ROLE desk SET statement_timeout = 0")
        assert subject not in {gap.subject for gap in access.gaps(connection, "desk")}
        connection.execute(change.format(name).encode())
        assert subject in {gap.subject for gap in access.gaps(connection, "desk")}
        access.secure(connection, "desk")
        expected = {"grants", subject} if subject == "schemas" else {"grants"}
        assert {gap.subject for gap in access.gaps(connection, "desk")} == expected


def test_a_login_that_also_loads_or_operates_is_no_bi_login(site: Any) -> None:
    server, name = site
    with db.connect(server.dsn(name)) as connection:
        connection.execute("GRANT tidemark_operator TO desk")
        assert [gap.subject for gap in access.gaps(connection) if gap.login == "desk"] == []


def test_doctor_tells_what_is_lacking_and_whose_grants_do_not_hold(site: Any, settings: Any) -> None:
    server, name = site
    with db.connect(server.dsn(name)) as connection:
        found = [(one.level, one.subject) for one in finish(doctor.examine(connection, settings))]
        assert ("warning", "login desk") in found
        assert ("warning", "database: connect") in found
        access.secure(connection, "desk")
        access.grant(connection, "desk", "commerce", "all", [], must_exist=True)
        found = [(one.level, one.subject) for one in finish(doctor.examine(connection, settings))]
        assert ("ok", "BI logins") in found
        connection.execute("UPDATE access.grants SET login_oid = 1")
        found = [(one.level, one.subject) for one in finish(doctor.examine(connection, settings))]
        assert ("warning", "grant to desk") in found
