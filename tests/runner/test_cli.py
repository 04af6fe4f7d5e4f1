"""The command line as a user meets it: exit codes, one JSON document, two runners at once, Ctrl-C."""

import json
import signal
import time

import psycopg


def test_help_teaches_and_needs_no_database(tidemark):
    result = tidemark("--help")
    assert result.returncode == 0
    assert "tidemark apply" in result.stdout
    for command in ("apply", "plan", "status", "rollback", "doctor"):
        assert tidemark(command, "--help").returncode == 0


def test_wrong_usage_is_exit_code_2_also_as_json(tidemark):
    assert tidemark("nonsense").returncode == 2
    result = tidemark("apply", "--nonsense", "--json")
    assert result.returncode == 2
    assert json.loads(result.stdout)["ok"] is False


def test_dead_dsn(tidemark):
    result = tidemark("status", "--json", "--dsn", "postgresql://me:secret@127.0.0.1:9/x")
    document = json.loads(result.stdout)
    assert result.returncode == 4
    assert document["error"]["message"].startswith("cannot connect to database x on 127.0.0.1 port 9")
    assert document["error"]["hint"]
    assert "secret" not in result.stdout + result.stderr


def test_invalid_dsn_and_settings_are_exit_code_3(tidemark, tmp_path):
    result = tidemark("status", "--dsn", "no such thing password=secret")
    assert result.returncode == 3
    assert "secret" not in result.stderr
    assert tidemark("status", TIDEMARK_LOCK_TIMEOUT_SECONDS="soon").returncode == 3
    assert tidemark("status", TIDEMARK_CONFIG=str(tmp_path / "missing.toml")).returncode == 3


def test_the_life_of_a_database(tidemark, project, empty_db):
    project.migration("0001_first", "CREATE TABLE public.first (a integer);", "DROP TABLE public.first;")
    project.view("public.looks", "SELECT a FROM public.first")
    assert tidemark("status", "--dsn", empty_db).returncode == 1
    plan = tidemark("plan", TIDEMARK_DSN=empty_db)
    assert (plan.returncode, "0001_first" in plan.stdout) == (0, True)
    dry = tidemark("apply", "--dry-run", "--json", "--dsn", empty_db)
    assert json.loads(dry.stdout)["data"]["migrations"]["pending"] == ["0001_first"]
    done = json.loads(tidemark("apply", "--json", "--dsn", empty_db).stdout)
    assert done == {
        "ok": True,
        "data": {
            "migrations": ["0001_first"],
            "files": ["views/public/live/looks.sql"],
            "recreated": [],
            "dropped": [],
        },
        "error": None,
    }
    again = tidemark("apply", "--dsn", empty_db)
    assert (again.returncode, again.stdout.strip()) == (0, "nothing to do: the database is up to date")
    assert tidemark("status", "--dsn", empty_db).returncode == 0
    assert tidemark("doctor", "--dsn", empty_db).returncode == 0
    asked = tidemark("rollback", "--dsn", empty_db)
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    assert tidemark("rollback", "--yes", "--dsn", empty_db).returncode == 0
    assert tidemark("doctor", "--dsn", empty_db).returncode == 1


def test_an_edited_migration_is_exit_code_3(tidemark, project, empty_db):
    project.migration("0001_first", "CREATE TABLE public.first (a integer);")
    assert tidemark("apply", "--dsn", empty_db).returncode == 0
    project.migration("0001_first", "CREATE TABLE public.first (b integer);")
    result = tidemark("apply", "--dsn", empty_db)
    assert (result.returncode, "0001_first" in result.stderr) == (3, True)
    assert tidemark("status", "--dsn", empty_db).returncode == 1


def test_two_runners_at_once_apply_each_migration_once(start_command, project, empty_db):
    for number in range(1, 6):
        project.migration(f"000{number}_table", f"CREATE TABLE public.t{number} (a integer); SELECT pg_sleep(0.1);")
    running = [start_command("apply", "--json", "--dsn", empty_db) for _ in range(2)]
    results = [(process.communicate(timeout=60), process.returncode) for process in running]
    assert [code for _, code in results] == [0, 0], results
    applied = [json.loads(out)["data"]["migrations"] for (out, _), _ in results]
    assert sorted(len(names) for names in applied) == [0, 5]


def test_ctrl_c_leaves_nothing_half_done(start_command, project, empty_db):
    project.migration("0001_quick", "CREATE TABLE public.quick (a integer);")
    project.migration("0002_slow", "CREATE TABLE public.slow (a integer); SELECT pg_sleep(60);", depends="0001_quick")
    process = start_command("apply", "--json", "--dsn", empty_db)
    with psycopg.connect(empty_db, autocommit=True) as connection:
        deadline = time.monotonic() + 30
        sleeping = (
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
        )
        while connection.execute(sleeping).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 130
        assert json.loads(out)["error"]["message"] == "interrupted"
        assert connection.execute(sleeping).fetchone() == (0,)
        found = "SELECT to_regclass('public.quick') IS NOT NULL, to_regclass('public.slow') IS NULL"
        assert connection.execute(found).fetchone() == (True, True)
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        assert connection.execute(locks).fetchone() == (0,)
    project.migration("0002_slow", "CREATE TABLE public.slow (a integer);", depends="0001_quick")
    assert start_command("apply", "--dsn", empty_db).wait(timeout=60) == 0
