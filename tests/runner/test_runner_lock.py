"""The runner's lock: one at a time, gone with its process, in nobody's way, and never trusted behind a pooler."""

import threading
import time
from dataclasses import replace

import psycopg
import pytest

from tidemark import db
from tidemark.deploy.waiting import one_runner
from tidemark.errors import Busy, ConfigProblem, StateProblem
from tidemark.steps import finish


@pytest.fixture
def busy(project, runner):
    """A project with something to apply, while another session is the runner."""
    project.migration("0001_table", "CREATE TABLE public.t AS SELECT 1 AS a;")
    with db.connect(runner.dsn, application_name="tidemark") as other:
        finish(one_runner.acquire(other, replace(runner.settings, dsn=runner.dsn)))
        yield other


def test_a_second_runner_leaves_at_once_if_told_so_and_names_the_first(busy, runner):
    runner.settings = replace(runner.settings, runner_wait_seconds=0.0)
    with pytest.raises(Busy, match="another runner") as caught:
        runner.apply()
    assert caught.value.exit_code == 6
    assert f"pid {busy.info.backend_pid}" in caught.value.detail
    assert not any("waiting for another runner" in step.text for step in runner.steps)


def test_no_wait_is_an_option_of_the_command(busy, runner, tidemark):
    done = tidemark("apply", "--no-wait", "--dsn", runner.dsn)
    assert done.returncode == 6
    assert "another runner is at work" in done.stderr


def test_a_waiting_runner_holds_no_transaction_and_an_index_can_be_built_beside_it(busy, runner):
    runner.query("CREATE TABLE public.other (a integer)")
    pid = runner.connection.info.backend_pid
    thread = threading.Thread(target=runner.apply)
    thread.start()
    while not any("waiting for another runner" in step.text for step in runner.steps):
        time.sleep(0.01)
    runner.query("SET lock_timeout = '20s'; SET statement_timeout = '60s'")
    with psycopg.connect(runner.dsn, autocommit=True) as builder:
        builder.execute("CREATE INDEX CONCURRENTLY ON public.other (a)")
    idle = "SELECT count(*) FROM pg_stat_activity WHERE pid = {} AND state = 'idle' AND xact_start IS NULL AND backend_xmin IS NULL"
    assert runner.query(idle.format(busy.info.backend_pid)) == [(1,)]
    # The waiting one looks again ten times a second; in between it is idle.
    for _ in range(1000):
        if runner.query(idle.format(pid)) == [(1,)]:
            break
    else:
        pytest.fail("the waiting runner is never idle")
    assert thread.is_alive()
    one_runner.release(busy)
    thread.join()
    assert runner.query("SELECT a FROM public.t") == [(1,)]


def test_while_an_index_is_built_no_session_of_the_runner_holds_a_snapshot_for_another_one(project, runner):
    """Two concurrent builds in two sessions wait for each other's snapshots, not for the runner's lock or its watch."""
    project.migration("0001_table", "CREATE TABLE public.t AS SELECT 1 AS a;")
    runner.apply()
    project.migration(
        "0002_index", "-- transactional: false\nCREATE INDEX CONCURRENTLY i ON public.t (a);", depends="0001_table"
    )
    with psycopg.connect(runner.dsn) as other:
        other.execute("UPDATE public.t SET a = 2")
        thread = threading.Thread(target=runner.apply)
        thread.start()
        watched = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark watch' AND datname = current_database()"
        while runner.query(watched) == [(0,)]:
            time.sleep(0.01)
        holding = (
            "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'tidemark%' AND state = 'idle'"
            " AND datname = current_database() AND (backend_xmin IS NOT NULL OR xact_start IS NOT NULL)"
        )
        assert runner.query(holding) == []
        other.commit()
        thread.join()
    assert runner.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [(True,)]


def test_the_lock_of_a_dead_session_is_free_at_once(busy, runner):
    runner.query(f"SELECT pg_terminate_backend({busy.info.backend_pid})")
    assert runner.apply().migrations == ["0001_table"]


def test_a_killed_runner_leaves_neither_its_statement_nor_its_lock(project, runner, start_command):
    project.migration("0001_slow", "CREATE TABLE public.t AS SELECT 1 AS a;\nSELECT pg_sleep(600);")
    process = start_command("apply", "--dsn", runner.dsn)
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_sleep.600' AND pid <> pg_backend_pid() AND datname = current_database()"
    while runner.query(sleeping) == [(0,)]:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.kill()
    process.communicate()
    project.migration("0001_slow", "CREATE TABLE public.t AS SELECT 1 AS a;")
    assert runner.apply().migrations == ["0001_slow"]
    assert runner.query(sleeping) == [(0,)]


def test_a_transaction_that_lost_the_lock_does_nothing(project, runner, monkeypatch):
    """As behind something that hands sessions around."""
    project.migration("0001_table", "CREATE TABLE public.t AS SELECT 1 AS a;")
    monkeypatch.setattr(one_runner, "acquire", lambda connection, settings: iter(()))
    with pytest.raises(StateProblem, match="belongs to another session"):
        runner.apply()
    assert runner.query("SELECT to_regclass('public.t')") == [(None,)]


def test_a_pooler_in_transaction_mode_is_refused(project, runner, runner_on, pooler):
    project.migration("0001_table", "CREATE TABLE public.t AS SELECT 1 AS a;")
    with pytest.raises(ConfigProblem, match="shares sessions") as caught:
        runner_on(pooler(runner.dsn, "transaction")).apply()
    assert "session mode" in caught.value.hint
    assert runner.query("SELECT to_regclass('public.t')") == [(None,)]


def test_a_pooler_in_session_mode_will_do(project, runner, runner_on, pooler):
    project.migration("0001_table", "CREATE TABLE public.t AS SELECT 1 AS a;")
    assert runner_on(pooler(runner.dsn, "session")).apply().migrations == ["0001_table"]
