"""Migrations: contents remembered, one transaction each, down and up again, interrupted ones healed."""

import psycopg
import pytest

from tidemark import config, db
from tidemark.deploy.drift import catalog
from tidemark.errors import Busy, DatabaseRefused, EditedMigration, FileProblem, UsageProblem


def two(project):
    project.migration("0001_first", "CREATE TABLE public.first (a integer);", "DROP TABLE public.first;")
    project.migration(
        "0002_second", "CREATE TABLE public.second (b integer);", "DROP TABLE public.second;", depends="0001_first"
    )


def test_plan_changes_nothing_in_an_empty_database(project, runner):
    two(project)
    before = catalog.lines(runner.connection)
    assert runner.plan().migrations.pending == ["0001_first", "0002_second"]
    assert catalog.lines(runner.connection) == before
    assert runner.query("SELECT to_regnamespace('deploy')") == [(None,)]


def test_a_second_apply_does_nothing(project, runner):
    two(project)
    assert runner.apply().migrations == ["0001_first", "0002_second"]
    assert runner.apply().is_empty
    assert runner.plan().is_empty


def test_an_edited_migration_stops_apply_and_is_named(project, runner):
    two(project)
    runner.apply()
    path = project.base / "migrations" / "0001_first.sql"
    path.write_text(path.read_text() + "\nSELECT 1;")
    project.migration("0003_third", "CREATE TABLE public.third (c integer);")
    with pytest.raises(EditedMigration, match="0001_first") as caught:
        runner.apply()
    assert "new migration" in caught.value.hint
    assert caught.value.exit_code == 3
    assert runner.plan().migrations.edited == ["0001_first"]
    assert runner.query("SELECT to_regclass('public.third')") == [(None,)]


def test_line_ends_and_a_byte_order_mark_are_no_edit(project, runner):
    two(project)
    runner.apply()
    path = project.base / "migrations" / "0001_first.sql"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert runner.apply().is_empty


def test_an_applied_migration_without_file_stops_apply(project, runner):
    two(project)
    runner.apply()
    project.remove("migrations/0002_second.sql")
    with pytest.raises(EditedMigration, match="0002_second"):
        runner.apply()


def test_contents_are_adopted_where_plain_yoyo_left_none(project, runner):
    two(project)
    runner.apply()
    runner.query("DELETE FROM deploy.migration_fingerprint WHERE migration_id = '0001_first'")
    assert runner.plan().migrations.unrecorded == ["0001_first"]
    runner.apply()
    assert runner.plan().migrations.unrecorded == []


def test_a_failing_file_leaves_nothing_and_names_its_line(project, runner):
    project.migration("0001_bad", "CREATE TABLE public.half (a integer);\nSELECT 1 / 0;\nSELECT nonsense;\n")
    with pytest.raises(DatabaseRefused) as caught:
        runner.apply()
    assert caught.value.sqlstate == "22012"
    assert caught.value.where == "migrations/0001_bad.sql"
    assert runner.query("SELECT to_regclass('public.half')") == [(None,)]
    assert runner.plan().migrations.pending == ["0001_bad"]
    project.migration("0001_bad", "SELECT 1;\nSELECT nonsense;\n")
    with pytest.raises(DatabaseRefused) as caught:
        runner.apply()
    assert (caught.value.sqlstate, caught.value.where) == ("42703", "migrations/0001_bad.sql, line 3")


@pytest.mark.parametrize("statement", ["COMMIT", "BEGIN", "ROLLBACK", "END", "PREPARE TRANSACTION 'x'"])
def test_transaction_control_is_refused_before_anything_is_sent(project, runner, statement):
    project.migration("0001_good", "CREATE TABLE public.good (a integer);")
    project.migration("0002_bad", f"CREATE TABLE public.bad (a integer);\n{statement};\n", depends="0001_good")
    with pytest.raises(FileProblem, match="controls transactions") as caught:
        runner.apply()
    assert caught.value.where == "migrations/0002_bad.sql, line 4"
    assert runner.query("SELECT to_regclass('public.good')") == [(None,)]


def test_savepoints_are_allowed(project, runner):
    project.migration("0001_savepoint", "SAVEPOINT s; CREATE TABLE public.a (a integer); ROLLBACK TO s; RELEASE s;")
    assert runner.apply().migrations == ["0001_savepoint"]


def test_settings_of_a_file_end_with_it(project, runner):
    project.migration("0001_set", "SET search_path = pg_catalog; SET TimeZone = 'Asia/Tokyo';")
    project.migration("0002_look", "CREATE TABLE looked AS SELECT current_setting('TimeZone') AS zone;")
    runner.apply()
    assert runner.query("SELECT zone FROM public.looked") == [("UTC",)]


def test_unknown_and_circular_dependencies_are_clear_errors(project, runner):
    project.migration("0001_a", "SELECT 1;", depends="0009_missing")
    with pytest.raises(FileProblem, match="0009_missing"):
        runner.apply()
    project.migration("0001_a", "SELECT 1;", depends="0002_b")
    project.migration("0002_b", "SELECT 1;", depends="0001_a")
    with pytest.raises(FileProblem, match="circle"):
        runner.apply()


def test_rollback_takes_back_in_reverse_order(project, runner):
    two(project)
    runner.apply()
    assert runner.rollback(to="0001") == ["0002_second"]
    assert runner.query("SELECT to_regclass('public.first') IS NULL, to_regclass('public.second') IS NULL") == [
        (False, True)
    ]
    assert runner.plan().migrations.pending == ["0002_second"]
    runner.apply()
    assert runner.rollback(count=2) == ["0002_second", "0001_first"]
    assert runner.plan().migrations.applied == []


def test_rollback_refuses_unknown_names_and_missing_files(project, runner):
    two(project)
    project.migration("0003_no_way_back", "CREATE TABLE public.third (c integer);", depends="0002_second")
    runner.apply()
    with pytest.raises(UsageProblem, match="0042"):
        runner.rollback(to="0042")
    with pytest.raises(FileProblem, match="0003_no_way_back"):
        runner.rollback(count=3)
    assert len(runner.plan().migrations.applied) == 3


def test_rollback_takes_views_and_functions_along(project, runner):
    two(project)
    project.view("public.looks", "SELECT b FROM public.second")
    project.view("public.looks_again", "SELECT b FROM public.looks", requires="public.looks")
    project.view("public.other", "SELECT a FROM public.first")
    runner.apply()
    runner.rollback(count=1)
    assert runner.query("SELECT to_regclass('public.looks') IS NULL, to_regclass('public.other') IS NULL") == [
        (True, False)
    ]
    assert set(runner.plan().files.changed) == {"views/public/live/looks.sql", "views/public/live/looks_again.sql"}
    done = runner.apply()
    assert done.migrations == ["0002_second"]
    assert runner.query("SELECT to_regclass('public.looks_again') IS NOT NULL") == [(True,)]


# --- rights and locks -----------------------------------------------------------------------------------------


def test_a_blocked_migration_names_the_blocker_and_leaves_nothing(project, runner):
    two(project)
    runner.apply()
    project.migration(
        "0003_alter",
        "CREATE TABLE public.third (c integer); ALTER TABLE public.first ADD b integer;",
        depends="0001_first",
    )
    with psycopg.connect(runner.dsn, application_name="nightly report") as other:
        other.execute("SELECT count(*) FROM public.first")
        with pytest.raises(Busy) as caught:
            runner.apply()
        assert caught.value.exit_code == 6
        assert caught.value.sqlstate == "55P03"
        assert "nightly report" in caught.value.detail
        assert f"pid {other.info.backend_pid}" in caught.value.detail
        assert any("nightly report" in step.text for step in runner.steps if step.is_warning)
        assert runner.query("SELECT to_regclass('public.third')") == [(None,)]
        other.rollback()
        assert runner.apply().migrations == ["0003_alter"]


def test_a_missing_right_is_named_with_the_grant(project, runner, runner_on, server):
    two(project)
    runner.apply()
    runner.query("DROP ROLE IF EXISTS tm_poor")
    runner.query("CREATE ROLE tm_poor LOGIN; GRANT USAGE ON SCHEMA deploy TO tm_poor")
    runner.query("GRANT ALL ON ALL TABLES IN SCHEMA deploy TO tm_poor")
    try:
        poor = runner_on(server.dsn(runner.connection.info.dbname, "tm_poor"))
        project.migration("0003_third", "CREATE TABLE public.third (c integer);", depends="0002_second")
        with pytest.raises(DatabaseRefused) as caught:
            poor.apply()
        assert caught.value.sqlstate == "42501"
        assert "GRANT CREATE ON SCHEMA public TO tm_poor" in caught.value.hint
        project.migration("0003_third", "SELECT count(*) FROM public.first;", depends="0002_second")
        with pytest.raises(DatabaseRefused) as caught:
            poor.apply()
        assert "SELECT" in caught.value.detail
        assert "ON TABLE public.first TO tm_poor" in caught.value.hint
        project.migration("0003_third", "ALTER TABLE public.first ADD b integer;", depends="0002_second")
        with pytest.raises(DatabaseRefused) as caught:
            poor.apply()
        assert "GRANT postgres TO tm_poor" in caught.value.hint
        assert poor.connection.info.transaction_status.name == "IDLE"
    finally:
        runner.query("DROP OWNED BY tm_poor; DROP ROLE tm_poor")


def test_missing_roles_without_the_right_to_create_them(project, runner, runner_on, server, monkeypatch):
    monkeypatch.setattr("tidemark.deploy.apply.roles.SHIPPED", ("tidemark_app", "tidemark_not_there"))
    two(project)
    runner.query("DROP ROLE IF EXISTS tm_poor")
    runner.query("CREATE ROLE tm_poor LOGIN")
    try:
        poor = runner_on(server.dsn(runner.connection.info.dbname, "tm_poor"))
        with pytest.raises(DatabaseRefused, match="tidemark_not_there") as caught:
            poor.apply()
        assert "tidemark roles" in caught.value.hint
        assert caught.value.exit_code == 5
    finally:
        runner.query("DROP ROLE tm_poor")


def test_a_server_that_is_too_old_is_refused(runner, monkeypatch):
    monkeypatch.setattr("tidemark.db.session.server_version", lambda connection: 140012)
    with pytest.raises(Exception, match="PostgreSQL 14, which is too old") as caught:
        db.connect(runner.dsn)
    assert caught.value.exit_code == 4


def test_a_dead_server_is_a_clear_error():
    with pytest.raises(Exception, match=r"cannot connect to database x on 127\.0\.0\.1 port 9") as caught:
        db.connect("host=127.0.0.1 port=9 dbname=x user=me password=topsecret")
    assert caught.value.exit_code == 4
    assert "topsecret" not in str(caught.value.as_dict())


def test_settings_defaults_are_those_of_the_manual():
    chosen = config.read(None, {"TIDEMARK_CONFIG": ""} | {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"})
    assert (chosen.lock_timeout_seconds, chosen.is_embedded) == (2.0, True)


@pytest.mark.once
@pytest.mark.parametrize(
    "setting",
    [
        "SELECT pg_catalog.set_config('search_path', '', false)",  # as pg_dump begins
        "SET search_path TO a",
        "SET default_transaction_read_only = on",
        "SET client_encoding = 'LATIN1'",
        "SET statement_timeout = 1",
        "SET DateStyle = 'German'",
        "SET session_replication_role = replica",
        "SET standard_conforming_strings = off",
        "DEALLOCATE ALL",
        "DISCARD TEMP",
    ],
)
def test_what_a_file_sets_ends_with_it(project, runner, setting):
    project.migration("0001_schema", "CREATE SCHEMA a;")
    project.migration("0002_set", f"{setting};\nCREATE TABLE a.t (d date);", depends="0001_schema")
    project.migration(
        "0003_plain",
        r"CREATE TABLE plain AS SELECT 'ä\\n' AS word, current_setting('DateStyle') AS style,"
        " current_setting('session_replication_role') AS role, current_setting('statement_timeout') AS timeout;",
        depends="0002_set",
    )
    project.view("a.v", "SELECT 1 AS one")
    assert runner.apply().migrations == ["0001_schema", "0002_set", "0003_plain"]
    assert runner.query("SELECT word, style, role, timeout FROM public.plain") == [
        (r"ä\\n", "ISO, YMD", "origin", "0")
    ]
