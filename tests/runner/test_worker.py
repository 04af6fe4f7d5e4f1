"""tidemark worker and tidemark jobs: nothing is lost and nothing runs twice, however a worker ends."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tidemark import config
from tidemark import worker as workers
from tidemark.server_place import OWNER

Connection = psycopg.Connection[Any]
HANDLERS = f"""
    SET ROLE {OWNER};
    CREATE SCHEMA shop;
    CREATE TABLE shop.done (job_id uuid, step integer);
    CREATE FUNCTION shop.work(p_job_id uuid, p_payload jsonb, p_state jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
    DECLARE
        v_step integer := coalesce(p_state::integer, 0) + 1;
    BEGIN
        PERFORM pg_sleep(coalesce((p_payload ->> 'seconds')::numeric, 0));
        INSERT INTO shop.done VALUES (p_job_id, v_step);
        IF v_step < coalesce((p_payload ->> 'steps')::integer, 1) THEN
            RETURN jsonb_build_object('state', v_step, 'progress', v_step * 10, 'message', format('step %s', v_step));
        END IF;
        RETURN jsonb_build_object('result', v_step);
    END $$;
    CREATE PROCEDURE shop.by_itself(p_job_id uuid, p_payload jsonb, INOUT p_result jsonb) LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO shop.done VALUES (p_job_id, 1);
        COMMIT;
        p_result := to_jsonb(1 / (p_payload ->> 'divisor')::integer);
    END $$;
    SELECT jobs.register('work', 'shop.work'), jobs.register('by_itself', 'shop.by_itself', 'procedure'),
        jobs.register('elsewhere', 'nobody', 'outside');
    RESET ROLE"""


@pytest.fixture(name="db", scope="module")
def _db(server: Any, applied_db: str) -> Iterator[str]:
    with server.database(applied_db) as name:
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            connection.execute(HANDLERS)
        yield server.dsn(name)


@pytest.fixture(name="owner")
def _owner(db: str) -> Iterator[Connection]:
    with psycopg.connect(db, autocommit=True) as connection:
        connection.execute("TRUNCATE jobs.job, jobs.worker, jobs_internal.trays, shop.done")
        yield connection


@pytest.fixture(name="worker")
def _worker(db: str, owner: Connection) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "-c",
            "from tidemark.cli import main; main()",
            "worker",
            "--dsn",
            db,
            "--poll",
            "0.2",
        ]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen([*command, *words], stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def until(question: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (found := question()) and time.monotonic() < end:
        time.sleep(0.05)
    assert found
    return found


def counted(connection: Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT status, count(*) FROM jobs.job GROUP BY status").fetchall())


def test_killed_workers_lose_no_job_and_run_none_twice(owner: Connection, worker: Any) -> None:
    owner.execute("""
        SELECT count(jobs.submit('work', '{"steps": 2, "seconds": 0.005}')) FROM generate_series(1, 300)""")
    running = [worker("--lease", "1", "--concurrency", "2") for _ in range(2)]
    for _ in range(4):
        here = counted(owner).get("completed", 0)
        until(lambda here=here: counted(owner).get("completed", 0) >= min(here + 25, 300))
        victim = running.pop(random.Random(here).randrange(len(running)))
        victim.kill()
        victim.wait()
        running.append(worker("--lease", "1", "--concurrency", "2"))
    until(lambda: counted(owner) == {"completed": 300})
    found = owner.execute("SELECT count(*), count(DISTINCT (job_id, step)) FROM shop.done").fetchone()
    assert found == (600, 600)


def test_a_worker_that_is_told_to_end_finishes_what_runs(owner: Connection, worker: Any) -> None:
    owner.execute("""SELECT jobs.submit('work', '{"seconds": 1}'), jobs.submit('work', '{"seconds": 1}')""")
    process = worker()
    until(lambda: counted(owner).get("running"))
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said.startswith("1 completed")
    assert counted(owner) == {"completed": 1, "pending": 1}
    assert owner.execute("SELECT count(*) FROM jobs.worker").fetchone() == (0,)


def test_after_the_grace_a_job_waits_again_where_it_is(owner: Connection, worker: Any) -> None:
    owner.execute("""SELECT jobs.submit('work', '{"seconds": 0.2, "steps": 1000}')""")
    process = worker("--grace", "0", "--json")
    until(lambda: owner.execute("SELECT 1 FROM jobs.job WHERE progress > 0").fetchone())
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert json.loads(said)["data"]["given_back"] == 1
    row = owner.execute("SELECT status, attempt_count, state::integer > 0 FROM jobs.job").fetchone()
    assert row == ("pending", 0, True)


def test_a_lost_connection_costs_nothing(owner: Connection, worker: Any) -> None:
    owner.execute("""SELECT count(jobs.submit('work', '{"steps": 3, "seconds": 0.1}')) FROM generate_series(1, 10)""")
    worker("--concurrency", "2")
    for _ in range(3):
        until(lambda: counted(owner).get("running"))
        owner.execute("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'tidemark worker' AND datname = current_database()""")
        time.sleep(0.3)
    until(lambda: counted(owner) == {"completed": 10})
    found = owner.execute("SELECT count(*), count(DISTINCT (job_id, step)) FROM shop.done").fetchone()
    assert found == (30, 30)


def test_procedures_and_handlers_that_nobody_knows(owner: Connection, worker: Any) -> None:
    owner.execute("""
        SELECT jobs.submit('by_itself', '{"divisor": 1}', 'high'), jobs.submit('by_itself', '{"divisor": 0}'), jobs.submit('elsewhere')""")
    process = worker("--drain")
    assert process.wait(timeout=30) == 0
    rows = owner.execute("SELECT status, result::text, error FROM jobs.job ORDER BY job_no").fetchall()
    assert rows[0] == ("completed", "1", None)
    assert rows[1] == ("failed", None, "division by zero")
    assert rows[2][0] == "failed"
    assert "no package here has an entry point nobody" in rows[2][2]
    assert owner.execute("SELECT count(*) FROM shop.done").fetchone() == (2,), "a procedure commits by itself"


class Entry:
    """An entry point of a package that is not installed."""

    def load(self) -> Any:
        def handler(payload: Any, progress: Any) -> Any:
            for number in range(payload["rounds"]):
                progress(10 * number, f"round {number}")
                time.sleep(0.05)
            return {"rounds": payload["rounds"]}

        return handler


def test_a_handler_of_a_package_gives_its_result_and_stops_when_asked_to(
    owner: Connection, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "entry_points", lambda group, name: [Entry()] if name == "nobody" else [])
    owner.execute(
        """SELECT jobs.submit('elsewhere', '{"rounds": 2}'), jobs.submit('elsewhere', '{"rounds": 1000}')"""
    )
    worker = workers.Worker(config.Settings(dsn=db, dsn_source="the tests"), workers.Options(drain=True))
    for _ in worker.run():
        owner.execute("SELECT jobs.cancel(job_id) FROM jobs.job WHERE status = 'running' AND progress > 30")
    assert (worker.tally.completed, worker.tally.cancelled) == (1, 1)
    rows = owner.execute("SELECT status, result, error FROM jobs.job ORDER BY job_no").fetchall()
    assert rows == [("completed", {"rounds": 2}, None), ("cancelled", None, "cancelled")]


def test_a_worker_wakes_at_once_and_submits_ticks(owner: Connection, worker: Any) -> None:
    worker("--poll", "60", "--tick", "1")
    until(
        lambda: (
            owner.execute(
                "SELECT count(*) > 1 FROM jobs.job WHERE job_type = 'tick' AND status = 'completed'"
            ).fetchone()
            == (True,)
        )
    )
    row = owner.execute("SELECT result FROM jobs.job WHERE job_type = 'tick'").fetchone()
    assert row
    assert row[0].keys() == {"refreshed", "failed", "busy", "late"}


def test_jobs_are_submitted_listed_and_cancelled(tidemark: Any, db: str, owner: Connection) -> None:
    def run(*words: str) -> Any:
        return tidemark("jobs", *words, "--dsn", db)

    unknown = run("submit", "nothing", "--json")
    assert (unknown.returncode, json.loads(unknown.stdout)["ok"]) == (2, False)
    row = owner.execute("SELECT job_id::text FROM jobs.submit('work', p_once_key => 'k')").fetchone()
    assert row
    again = run("submit", "work", "--once", "k")
    assert (again.stdout.strip(), again.stderr.strip()) == (row[0], "joined a job that was there")
    assert [job["job_id"] for job in json.loads(run("list", "--status", "pending", "--json").stdout)["data"]] == [
        row[0]
    ]
    assert run("cancel", row[0]).stdout.strip() == "cancelled"
    assert run("cancel", row[0]).returncode == 1
    assert run("show", "00000000-0000-0000-0000-000000000000").returncode == 2


def test_a_job_is_watched_to_its_end(tidemark: Any, db: str, owner: Connection, worker: Any) -> None:
    worker()
    watched = tidemark("jobs", "submit", "work", "--payload", '{"steps": 3, "seconds": 0.6}', "--watch", "--dsn", db)
    assert watched.returncode == 0
    assert "work running: step 1" in watched.stderr
    failed = tidemark("jobs", "submit", "by_itself", "--payload", '{"divisor": 0}', "--watch", "--json", "--dsn", db)
    assert (failed.returncode, json.loads(failed.stdout)["data"]["error"]) == (5, "division by zero")
    tidemark("jobs", "capacity", "4", "--dsn", db)
    told = tidemark("jobs", "health", "--json", "--dsn", db)
    assert json.loads(told.stdout)["data"]["max_concurrent_jobs"] == 4
    owner.execute("SELECT jobs.set_capacity(10)")


def test_a_database_without_jobs_says_so(tidemark: Any, empty_db: str) -> None:
    for words in (["worker"], ["jobs", "list"]):
        refused = tidemark(*words, "--dsn", empty_db)
        assert refused.returncode == 7
        assert "tidemark apply" in refused.stderr
