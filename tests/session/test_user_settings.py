"""The list of every setting that a login may be given says what each can do; it is complete, and true where it says pinned."""

from collections import Counter

import login_settings as walk
import psycopg
import pytest

from tidemark import db

VERDICTS = {"cannot matter", "pinned", "respected"}
COMPARED = (15, 18)  # of the versions between them the list was made from the release notes


def known(server):
    return {one.setting: one for one in walk.listed() if one.is_in(server.major)}


def asked(connection):
    connection.execute("DO 'BEGIN END'")  # settings of PL/pgSQL are there once it is loaded
    return dict(connection.execute("SELECT name, setting FROM pg_settings WHERE context = 'user'").fetchall())


def test_every_setting_of_the_server_is_in_the_list(server, empty_db):
    with psycopg.connect(empty_db) as connection:
        found = {name for name in asked(connection) if "." not in name or name.startswith("plpgsql.")}
    assert not found - known(server).keys()
    if server.major in COMPARED:
        assert not known(server).keys() - found


def test_every_line_has_a_verdict_and_a_reason():
    rows = walk.listed()
    assert [row.setting for row in rows if row.verdict not in VERDICTS or not row.reason.strip()] == []
    assert [name for name, count in Counter(row.setting for row in rows).items() if count > 1] == []
    # what is left to the login and what is pinned is told apart by trying it
    assert [row.setting for row in rows if row.verdict == "pinned" and not row.tried] == []


@pytest.mark.parametrize(
    "setting", [row for row in walk.listed() if row.verdict == "pinned"], ids=lambda row: row.setting
)
def test_pinned_is_pinned_whatever_the_login_was_given(server, empty_db, setting):
    if not setting.is_in(server.major):
        pytest.skip(f"{setting.setting} is not in PostgreSQL {server.major}")
    name = psycopg.conninfo.conninfo_to_dict(empty_db)["dbname"]

    def value(connection):
        return connection.execute("SELECT current_setting(%s)", [setting.setting]).fetchone()[0]

    with db.connect(server.owner_dsn(name)) as connection:
        expected = value(connection)
    tried = 0
    for other in setting.tried:
        walk.give(server, name, {setting.setting: other})
        with psycopg.connect(server.owner_dsn(name)) as plain:
            plain.execute("DO 'BEGIN END'")
            tried += value(plain) != expected
        with db.connect(server.owner_dsn(name)) as connection:
            assert value(connection) == expected, other
            db.run(connection, "unset_session")
            db.reset_session(connection)
            assert value(connection) == expected, f"{other}, after RESET ALL"
    assert tried, "no value in the list differs from the pinned one"


def test_what_cannot_matter_is_left_to_the_login(server, empty_db):
    name = psycopg.conninfo.conninfo_to_dict(empty_db)["dbname"]
    with psycopg.connect(server.owner_dsn(name)) as plain:
        before = asked(plain)
    with db.connect(server.owner_dsn(name)) as connection:
        after = asked(connection)
    changed = {setting for setting in before if before[setting] != after.get(setting)}
    left = {one.setting for one in walk.listed() if one.verdict != "pinned"} - {"application_name"}
    assert not changed & left
