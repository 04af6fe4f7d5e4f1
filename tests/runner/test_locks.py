"""Locks: no statement waits without a limit, whoever is in the way is named, and readers are let through."""

import threading

import psycopg
import pytest

from tidemark import config, db
from tidemark.deploy.waiting import blockers
from tidemark.errors import Busy, DatabaseRefused, FileProblem

BLOCKED = "ALTER TABLE public.base ADD COLUMN more integer;"


@pytest.fixture
def base(project, runner):
    """A table, applied, and a migration that wants the strongest lock on it."""
    project.migration("0001_base", "CREATE TABLE public.base (a integer);", "DROP TABLE public.base;")
    runner.apply()
    project.migration("0002_more", f"CREATE TABLE public.half ();\n{BLOCKED}", "SELECT 1;", depends="0001_base")
    return project


def blocked(runner):
    with pytest.raises(Busy) as caught:
        runner.apply()
    assert caught.value.exit_code == 6
    assert runner.query("SELECT to_regclass('public.half')") == [(None,)]
    return caught.value


# --- who is in the way ----------------------------------------------------------------------------------------


def test_a_session_that_is_idle_in_its_transaction_is_named_with_its_last_query(base, runner):
    with psycopg.connect(runner.dsn, application_name="nightly report") as other:
        other.execute("SELECT count(*) FROM public.base")
        problem = blocked(runner)
        for part in (
            f"pid {other.info.backend_pid}",
            "postgres, nightly report",
            "idle in its open transaction",
            "SELECT count",
        ):
            assert part in problem.detail
        assert any("nightly report" in step.text for step in runner.steps if step.is_warning)
    assert runner.apply().migrations == ["0002_more"]


def test_a_prepared_transaction_is_named_although_it_has_no_pid(base, runner):
    with psycopg.connect(runner.dsn) as other:
        other.execute("BEGIN; LOCK TABLE public.base; PREPARE TRANSACTION 'from the till'")
        other.rollback()
    try:
        problem = blocked(runner)
        assert "prepared transaction 'from the till' (postgres" in problem.detail
        assert "ROLLBACK PREPARED" in problem.detail
    finally:
        with psycopg.connect(runner.dsn, autocommit=True) as other:
            other.execute("ROLLBACK PREPARED 'from the till'")


def test_a_query_that_the_login_may_not_see_is_said_to_be_hidden():
    row = type("Row", (), {"pid": 7, "role_name": "dba", "application_name": "", "age_seconds": None})()
    row.prepared_name, row.state, row.idle_seconds, row.query = None, None, None, blockers.HIDDEN
    assert blockers.in_words(row) == (
        "pid 7 (dba, unnamed program, age not shown): query not shown, that needs the role pg_read_all_stats"
    )


def test_the_runner_gives_way_before_a_reader_is_the_victim_of_a_deadlock(project, runner):
    """The reader waits for what the migration holds; the server would end one of them after a second, perhaps it."""
    project.migration("0001_base", "CREATE TABLE public.base (); CREATE TABLE public.first ();")
    runner.apply()
    project.migration(
        "0002_more",
        f"ALTER TABLE public.first ADD COLUMN b integer;\nSELECT pg_advisory_lock(7);\n{BLOCKED}",
        depends="0001_base",
    )
    results = []

    def read():
        with psycopg.connect(runner.dsn) as reader:
            reader.execute("SELECT count(*) FROM public.base")
            with psycopg.connect(runner.dsn, autocommit=True) as gate:
                gate.execute("SELECT pg_advisory_lock(7)")
                ready.set()
                while not gate.execute(
                    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                ).fetchone():
                    pass
            results.append(reader.execute("SELECT count(*) FROM public.first").fetchone())

    ready = threading.Event()
    thread = threading.Thread(target=read)
    thread.start()
    ready.wait()
    runner.settings = config.Settings(
        dsn=runner.dsn, dsn_source="the tests", lock_timeout_seconds=20.0, lock_budget_seconds=60.0
    )
    assert runner.apply().migrations == ["0002_more"]
    thread.join()
    assert results == [(0,)]


# --- limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    ["migration_fingerprint", "migration_statement", "applied_file", "file_object", "_yoyo_migration", "_yoyo_log", "_yoyo_version"],
)  # fmt: skip
def test_the_runners_own_tables_are_not_waited_for_without_end(base, runner, table):
    base.migration("0003_outside", "-- transactional: false\nSELECT 1;", depends="0002_more")
    base.view("public.look", "SELECT a FROM public.base")
    with psycopg.connect(runner.dsn, application_name="backup") as other:
        other.execute(f"LOCK TABLE deploy.{table} IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Busy) as caught:
            runner.apply()
        assert "backup" in caught.value.detail
    runner.apply()
    assert runner.apply().is_empty


def test_a_view_is_not_waited_for_without_end(base, runner):
    base.view("public.look", "SELECT a FROM public.base")
    runner.apply()
    base.view("public.look", "SELECT a, 1 AS one FROM public.base")
    with psycopg.connect(runner.dsn, application_name="dashboard") as other:
        other.execute("SELECT count(*) FROM public.look")
        with pytest.raises(Busy) as caught:
            runner.apply()
        assert "dashboard" in caught.value.detail


def test_rollback_waits_by_the_same_rules(base, runner):
    with psycopg.connect(runner.dsn, application_name="nightly report") as other:
        other.execute("SELECT count(*) FROM public.base")
        with pytest.raises(Busy) as caught:
            runner.rollback()
        assert "nightly report" in caught.value.detail
    assert runner.rollback() == ["0001_base"]


def seen(project, runner, header="", **changes):
    """The lock_timeout that a migration with this header runs under."""
    project.migration(
        "0001_look", f"{header}CREATE TABLE public.seen AS SELECT current_setting('lock_timeout') AS it;"
    )
    runner.settings = config.Settings(**(vars(runner.settings) | changes))
    runner.apply()
    return runner.query("SELECT it FROM public.seen")[0][0]


def test_the_timeout_comes_from_the_settings(project, runner):
    assert seen(project, runner, lock_timeout_seconds=1.5) == "1500ms"


def test_a_file_may_ask_for_another_timeout(project, runner):
    assert seen(project, runner, "-- lock_timeout: 7s\n") == "7s"


def test_the_command_line_stands_above_the_file(project, runner):
    assert seen(project, runner, "-- lock_timeout: 7s\n", lock_timeout_override_seconds=0.25) == "250ms"


def test_a_view_file_may_ask_for_another_timeout_and_the_next_one_has_the_usual(project, runner):
    look = "DO $$ BEGIN INSERT INTO public.seen VALUES ('{}', current_setting('lock_timeout')); END $$;"
    project.migration("0001_seen", "CREATE TABLE public.seen (who text, it text);")
    project.file(
        "functions/public/rules/a.sql", look.format("a"), name="public.a()", requires="nothing\n-- lock_timeout: 3s"
    )
    project.file("functions/public/rules/b.sql", look.format("b"), name="public.b()", requires="public.a()")
    runner.apply()
    assert runner.query("SELECT who, it FROM public.seen ORDER BY who") == [("a", "3s"), ("b", "500ms")]


@pytest.mark.parametrize("asked", ["0", "0s", "5", "soon", "-1s", "none"])
def test_a_header_that_asks_for_nonsense_is_refused(base, runner, asked):
    base.migration("0002_more", f"-- lock_timeout: {asked}\n{BLOCKED}", depends="0001_base")
    with pytest.raises(FileProblem, match="lock_timeout") as caught:
        runner.apply()
    assert "5s" in caught.value.hint


@pytest.mark.parametrize(
    "statement",
    ["SET lock_timeout = 0", "SET LOCAL lock_timeout TO '0s'", "SET lock_timeout TO DEFAULT", "RESET lock_timeout", "RESET ALL", "DISCARD ALL"],
)  # fmt: skip
def test_a_file_that_switches_the_timeout_off_is_refused_before_anything_is_sent(base, runner, statement):
    base.migration("0002_more", f"CREATE TABLE public.half ();\n{statement};", depends="0001_base")
    with pytest.raises(FileProblem, match="switches lock_timeout off") as caught:
        runner.apply()
    assert caught.value.where == "migrations/0002_more.sql, line 4"


@pytest.mark.parametrize(
    "statement",
    ["SELECT set_config('lock_timeout', '0', FALSE)", "DO $$ BEGIN EXECUTE 'SET LOCAL lock_timeout = 0'; END $$"],
)
@pytest.mark.parametrize("header", ["", "-- transactional: false\n"], ids=["whole", "statement by statement"])
def test_a_file_that_switches_the_timeout_off_in_a_way_no_parser_sees_is_taken_back(base, runner, statement, header):
    base.migration("0002_more", f"{header}{statement};\nCREATE TABLE public.half ();", depends="0001_base")
    with pytest.raises(DatabaseRefused, match="switches lock_timeout off"):
        runner.apply()
    assert runner.query("SELECT to_regclass('public.half')") == [(None,)]


def test_a_shorter_timeout_of_a_statement_is_allowed(project, runner):
    assert seen(project, runner, "SET LOCAL lock_timeout = '50ms';\n") == "50ms"


def test_nothing_of_the_limits_is_left_in_the_session(base, runner):
    runner.apply()
    assert db.value(runner.connection, "has_lock_timeout") is False


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("5s", 5.0), ("2m", 120.0), ("2 min", 120.0), ("1h", 3600.0)]
)
def test_durations_have_a_unit(text, seconds):
    assert config.duration(text) == seconds
    assert config.duration(text.rstrip("hmins ")) is None


def test_the_options_say_what_is_wrong_with_them(tidemark, runner, base):
    for option, value in (("--lock-timeout", "0s"), ("--lock-timeout", "5"), ("--lock-budget", "long")):
        done = tidemark("apply", "--dsn", runner.dsn, option, value)
        assert done.returncode == 2, done.stderr
        assert option in done.stderr


def test_a_blocked_apply_ends_with_exit_code_6_and_names_the_blocker_in_json(tidemark, runner, base):
    with psycopg.connect(runner.dsn, application_name="nightly report") as other:
        other.execute("SELECT count(*) FROM public.base")
        done = tidemark("apply", "--json", "--dsn", runner.dsn, "--lock-timeout", "400ms", "--lock-budget", "1s")
    assert done.returncode == 6
    assert "nightly report" in done.stdout
