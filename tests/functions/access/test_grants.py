"""Grants: what may be granted to whom, to whom a grant belongs, and when it begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

ROWS = "SELECT array_agg(DISTINCT shop_id ORDER BY shop_id) FROM bi.commerce_upload"


def become(conn: psycopg.Connection[Any], name: str) -> None:
    conn.execute(sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(sql.Identifier(name)))


@pytest.fixture(name="shops")
def _shops(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """Three shops, a file each, and two logins."""
    conn.execute("""
        INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type)
        VALUES ('a.example', 'r', 'x.csv', 'orders'), ('b.example', 'r', 'x.csv', 'orders'), ('c.example', 'r', 'x.csv', 'orders');
        INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'EU', 'Europe'), (902, 'AP', 'Both'), (903, 'AQ', 'Both');
        CREATE ROLE "Access One" LOGIN IN ROLE tidemark_bi; CREATE ROLE access_two LOGIN IN ROLE tidemark_bi""")
    return conn


def grant(conn: psycopg.Connection[Any], login: str, *more: Any) -> int:
    marks = ", ".join(["%s"] * (1 + len(more)))
    (count,) = conn.execute(f"SELECT access.grant_scope({marks})", [login, *more]).fetchone() or (None,)
    assert isinstance(count, int)
    return count


def seen(conn: psycopg.Connection[Any], login: str) -> list[str] | None:
    with conn.transaction(force_rollback=True):
        become(conn, login)
        (found,) = conn.execute(ROWS).fetchone() or (None,)
        return found


def test_a_grant_opens_and_a_revoke_closes(shops: psycopg.Connection[Any]) -> None:
    assert seen(shops, "Access One") is None
    assert grant(shops, "Access One", "commerce", "shop", ["a.example", "c.example"]) == 2
    assert grant(shops, "Access One", "commerce", "shop", ["a.example"]) == 0
    assert (seen(shops, "Access One"), seen(shops, "access_two")) == (["a.example", "c.example"], None)
    assert shops.execute(
        "SELECT access.revoke_scope('Access One', 'commerce', 'shop', '{a.example}')"
    ).fetchone() == (1,)
    assert seen(shops, "Access One") == ["c.example"]
    assert shops.execute("SELECT access.revoke_scope('Access One', 'model_risk')").fetchone() == (0,)
    assert shops.execute("SELECT access.revoke_scope('Access One')").fetchone() == (1,)
    assert seen(shops, "Access One") is None


def test_who_granted_what_is_told(shops: psycopg.Connection[Any]) -> None:
    grant(shops, "access_two", "model_risk", "region", ["Europe"])
    grant(shops, "access_two", "commerce", "all")
    told = shops.execute("""
        SELECT login, family, scope_kind, scope_value, scope_label, holds, problem, granted_by = session_user
        FROM access.grant_status ORDER BY family""").fetchall()
    assert told == [
        ("access_two", "commerce", "all", "*", "every row", True, None, True),
        ("access_two", "model_risk", "region", "901", "Europe", True, None, True),
    ]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nobody at all", "commerce", "shop", ["a.example"]], errors.UndefinedObject),
        (["access_two", "weather", "shop", ["a.example"]], errors.InvalidSchemaName),
        (["access_two", "commerce", "shop", ["d.example"]], errors.NoDataFound),
        (["access_two", "commerce", "shop", ["a.example", "d.example"]], errors.NoDataFound),
        (["access_two", "commerce", "region", ["901"]], errors.NoDataFound),
        (["access_two", "commerce", "region", ["901"], False], errors.NoDataFound),
        (["access_two", "model_risk", "region", ["Both"]], errors.NoDataFound),
        (["access_two", "commerce", "shop", ["the rows of one shop"]], errors.NoDataFound),
        (["access_two", "commerce", "shop", []], errors.InvalidParameterValue),
        (["access_two", "commerce", "shop", ["a.example", None]], errors.InvalidParameterValue),
        (["access_two", "commerce", "all", ["a.example"]], errors.InvalidParameterValue),
    ],
)
def test_what_cannot_be_granted_is_refused_with_a_hint(
    shops: psycopg.Connection[Any], arguments: list[Any], error: type[errors.Error]
) -> None:
    with pytest.raises(error) as caught, shops.transaction():
        grant(shops, *arguments)
    assert caught.value.diag.message_detail
    assert caught.value.diag.message_hint
    assert shops.execute("SELECT count(*) FROM access.grants").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT access.revoke_scope('access_two', p_scope_kind => 'shop')",
        "SELECT access.revoke_scope('access_two', 'commerce', p_values => '{a.example}')",
    ],
)
def test_a_revoke_that_says_half_is_refused(shops: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(errors.InvalidParameterValue) as caught:
        shops.execute(statement)
    assert caught.value.diag.message_hint


def test_a_value_may_be_granted_before_it_is_there(shops: psycopg.Connection[Any]) -> None:
    assert grant(shops, "access_two", "commerce", "shop", ["d.example"], False) == 1
    assert shops.execute("SELECT problem FROM access.grant_status").fetchone() == ("there is no such value now",)
    assert seen(shops, "access_two") is None
    shops.execute(
        "INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type) VALUES ('d.example', 'r', 'x', 'orders')"
    )
    assert seen(shops, "access_two") == ["d.example"]


def test_a_grant_to_a_group_is_its_members_while_they_inherit_it(shops: psycopg.Connection[Any]) -> None:
    shops.execute(
        'CREATE ROLE access_group; CREATE ROLE access_outer; GRANT access_group TO access_outer; GRANT access_outer TO "Access One"'
    )
    grant(shops, "access_group", "commerce", "shop", ["b.example"])
    grant(shops, "Access One", "commerce", "shop", ["b.example", "c.example"])
    assert seen(shops, "Access One") == ["b.example", "c.example"]
    assert seen(shops, "access_two") is None
    shops.execute(
        "REVOKE access_outer FROM \"Access One\"; GRANT access_group TO access_two; SELECT access.revoke_scope('Access One')"
    )
    assert (seen(shops, "Access One"), seen(shops, "access_two")) == (None, ["b.example"])
    shops.execute(
        "ALTER ROLE access_two NOINHERIT; REVOKE access_group FROM access_two; GRANT access_group TO access_two"
    )
    shops.execute("GRANT tidemark_bi TO access_group")
    with shops.transaction(force_rollback=True):
        become(shops, "access_two")
        shops.execute("SET LOCAL ROLE access_group")
        assert shops.execute(ROWS).fetchone() == (["b.example"],)
    try:
        assert seen(shops, "access_two") is None
    except errors.InsufficientPrivilege:  # before PostgreSQL 16 NOINHERIT concerns all its roles, tidemark_bi too
        assert shops.info.server_version < 160000


def test_the_role_that_asks_counts_and_not_the_login_behind_it(shops: psycopg.Connection[Any]) -> None:
    """A pool with one login and SET ROLE shows each what is his."""
    shops.execute('CREATE ROLE access_pool LOGIN; GRANT "Access One", access_two TO access_pool')
    grant(shops, "Access One", "commerce", "shop", ["a.example"])
    grant(shops, "access_two", "commerce", "shop", ["b.example"])
    become(shops, "access_pool")
    shops.execute('SET LOCAL ROLE "Access One"')
    assert shops.execute(ROWS).fetchone() == (["a.example"],)
    shops.execute("SET LOCAL ROLE access_two")
    assert shops.execute(ROWS).fetchone() == (["b.example"],)


def test_another_role_of_the_same_name_has_no_part_in_it(shops: psycopg.Connection[Any]) -> None:
    grant(shops, "access_two", "commerce", "shop", ["a.example"])
    shops.execute("DROP ROLE access_two")
    assert shops.execute("SELECT holds, problem FROM access.grant_status").fetchone() == (
        False,
        "there is no such role",
    )
    shops.execute("CREATE ROLE access_two LOGIN IN ROLE tidemark_bi")
    assert seen(shops, "access_two") is None
    assert shops.execute("SELECT holds, problem FROM access.grant_status").fetchone() == (
        False, "it was given to another role of this name",
    )  # fmt: skip
    assert shops.execute("SELECT access.confirm_grants('access_two')").fetchone() == (1,)
    assert seen(shops, "access_two") == ["a.example"]
    assert shops.execute("SELECT access.confirm_grants('access_two')").fetchone() == (0,)


def test_after_a_restore_the_number_of_one_role_may_be_that_of_another(shops: psycopg.Connection[Any]) -> None:
    grant(shops, "access_two", "commerce", "shop", ["a.example"])
    shops.execute("""UPDATE access.grants SET login_oid = (SELECT oid FROM pg_roles WHERE rolname = 'Access One')""")
    assert (seen(shops, "Access One"), seen(shops, "access_two")) == (None, None)
    assert shops.execute("SELECT access.confirm_grants('Access One')").fetchone() == (0,)
    assert shops.execute("SELECT access.confirm_grants('access_two')").fetchone() == (1,)
    assert (seen(shops, "Access One"), seen(shops, "access_two")) == (None, ["a.example"])


def test_a_renamed_role_gets_its_grants_back_when_somebody_says_so(shops: psycopg.Connection[Any]) -> None:
    grant(shops, "access_two", "commerce", "shop", ["a.example"])
    shops.execute("ALTER ROLE access_two RENAME TO access_three")
    assert seen(shops, "access_three") is None
    assert shops.execute("SELECT access.confirm_grants('access_three', 'access_two')").fetchone() == (1,)
    assert seen(shops, "access_three") == ["a.example"]
    with pytest.raises(errors.UndefinedObject):
        shops.execute("SELECT access.confirm_grants('access_two')")


@pytest.mark.parametrize(
    "group", ["tidemark_bi", "tidemark_bi_all", "tidemark_app", "tidemark_loader", "tidemark_operator"]
)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT access.grant_scope('access_two', 'commerce', 'all')",
        "SELECT access.revoke_scope('access_two')",
        "SELECT access.confirm_grants('access_two')",
        "SELECT * FROM access.scope_values()",
        "SELECT * FROM access.grants",
        "SELECT * FROM access.grant_status",
        "INSERT INTO access.grants VALUES ('access_two', 1, 'commerce', 'all', '*', 'me')",
        "DELETE FROM access.grants",
    ],
)
def test_nobody_but_the_owner_grants(shops: psycopg.Connection[Any], group: str, statement: str) -> None:
    shops.execute(f"GRANT {group} TO access_two")
    become(shops, "access_two")
    with pytest.raises(errors.InsufficientPrivilege):
        shops.execute(statement)


def test_a_stranger_cannot_pose_as_a_family(shops: psycopg.Connection[Any]) -> None:
    """His view would run his functions with the rights of the owner of access."""
    shops.execute("""
        CREATE ROLE access_stranger; CREATE SCHEMA foreign_house AUTHORIZATION access_stranger; SET LOCAL ROLE access_stranger;
        CREATE VIEW foreign_house.access_scope AS SELECT 'x' AS scope_kind, 'y' AS scope_value, 'z' AS scope_label; RESET ROLE;
        SET LOCAL ROLE tidemark""")
    found = shops.execute("SELECT DISTINCT family FROM access.scope_values() ORDER BY 1").fetchall()
    assert ("foreign_house",) not in found
    assert ("commerce",) in found


# --- at the instant of the commit -------------------------------------------------------------------------


@pytest.fixture(name="two")
def _two(server: Any, fresh_db: str) -> Iterator[tuple[psycopg.Connection[Any], psycopg.Connection[Any]]]:
    """The owner, and a reader with a grant whose connection has planned its statement for good."""
    with psycopg.connect(fresh_db, autocommit=True) as owner:
        owner.execute("CREATE ROLE access_reader LOGIN IN ROLE tidemark_bi; CREATE ROLE access_crowd")
        try:
            owner.execute(
                "INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type) VALUES ('a.example', 'r', 'x', 'orders')"
            )
            with psycopg.connect(server.dsn(owner.info.dbname, "access_reader"), autocommit=True) as reader:
                reader.execute("SET plan_cache_mode = force_generic_plan")
                reader.execute(f"PREPARE planned AS {ROWS}")
                yield owner, reader
        finally:
            owner.execute("DROP OWNED BY access_reader, access_crowd; DROP ROLE access_reader, access_crowd")


def planned(reader: psycopg.Connection[Any]) -> Any:
    (found,) = reader.execute("EXECUTE planned").fetchone() or (None,)
    return found


@pytest.mark.parametrize(
    ("give", "take"),
    [
        ("SELECT access.grant_scope('access_reader', 'commerce', 'shop', '{a.example}')", "SELECT access.revoke_scope('access_reader')"),
        ("SELECT access.grant_scope('access_reader', 'commerce', 'all')", "SELECT access.revoke_scope('access_reader')"),
        ("GRANT tidemark_bi_all TO access_reader", "REVOKE tidemark_bi_all FROM access_reader"),
        (
            "SELECT access.grant_scope('access_crowd', 'commerce', 'all'); GRANT access_crowd TO access_reader",
            "REVOKE access_crowd FROM access_reader",
        ),
    ],
)  # fmt: skip
def test_a_right_begins_and_ends_with_the_commit(two: Any, give: str, take: str) -> None:
    owner, reader = two
    assert planned(reader) is None
    for change, before, after in ((give, None, ["a.example"]), (take, ["a.example"], None)):
        with owner.transaction():
            owner.execute(change)
            assert planned(reader) == before, "not committed yet"
        assert planned(reader) == after
        with owner.transaction(force_rollback=True):
            owner.execute(take if after else give)
        assert planned(reader) == after, "rolled back"


def test_a_right_ends_inside_an_open_transaction(two: Any) -> None:
    owner, reader = two
    owner.execute("SELECT access.grant_scope('access_reader', 'commerce', 'shop', '{a.example}')")
    with reader.transaction():
        assert planned(reader) == ["a.example"]
        owner.execute("SELECT access.revoke_scope('access_reader')")
        assert planned(reader) is None
