"""The queue under several sessions: order, capacity, steps, lost workers, shared requests and rights."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tidemark.server_place import OWNER

Connection = psycopg.Connection[Any]


@pytest.fixture(name="shop", scope="module")
def _shop(server: Any, applied_db: str) -> Iterator[str]:
    """Handlers that write a row a step, some of which fail or go on in steps; an application and an operator."""
    with server.database(applied_db) as name:
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            connection.execute(f"""
                CREATE SCHEMA shop AUTHORIZATION {OWNER};
                SET ROLE {OWNER};
                CREATE TABLE shop.done (job_id uuid, step integer, backend integer DEFAULT pg_backend_pid());
                CREATE FUNCTION shop.work(p_job_id uuid, p_payload jsonb, p_state jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
                DECLARE
                    v_step integer := coalesce(p_state::integer, 0) + 1;
                BEGIN
                    INSERT INTO shop.done (job_id, step) VALUES (p_job_id, v_step);
                    IF (p_payload ->> 'fail_at')::integer = v_step THEN
                        RAISE 'it broke';
                    END IF;
                    IF (p_payload ->> 'say_at')::integer = v_step THEN
                        RETURN '{{"error": "it said so"}}';
                    END IF;
                    IF v_step < coalesce((p_payload ->> 'steps')::integer, 1) THEN
                        RETURN jsonb_build_object('state', v_step, 'progress', v_step * 10, 'message', format('step %s', v_step));
                    END IF;
                    RETURN jsonb_build_object('result', jsonb_build_object('steps', v_step));
                END $$;
                GRANT USAGE ON SCHEMA shop TO tidemark_operator;
                GRANT INSERT ON shop.done TO tidemark_operator;
                SELECT jobs.register('work', 'shop.work'), jobs.register('once', 'shop.work', max_attempts => 1);
                RESET ROLE;
                CREATE ROLE jobs_app LOGIN IN ROLE tidemark_app;
                CREATE ROLE jobs_other LOGIN IN ROLE tidemark_app;
                CREATE ROLE jobs_operator LOGIN IN ROLE tidemark_operator""")
        yield server.dsn(name)
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("DROP ROLE jobs_app; DROP ROLE jobs_other; DROP ROLE jobs_operator")


@pytest.fixture(name="one")
def _one(shop: str) -> Iterator[Connection]:
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("TRUNCATE jobs.job, jobs.worker, jobs_internal.trays, shop.done")
        connection.execute("SELECT jobs.set_capacity(10)")
        yield connection


@pytest.fixture(name="two")
def _two(shop: str, one: Connection) -> Iterator[Connection]:
    with psycopg.connect(shop, autocommit=True) as connection:
        yield connection


def value(connection: Connection, text: str, *values: Any) -> Any:
    row = connection.execute(text, values).fetchone()
    return row[0] if row else None


def submit(connection: Connection, priority: str = "normal", kind: str = "work", **payload: Any) -> uuid.UUID:
    row = connection.execute(
        "SELECT outcome, job_id FROM jobs.submit(%s, %s, %s)", [kind, json.dumps(payload), priority]
    ).fetchone()
    assert row
    assert row[0] == "ok"
    return row[1]


def claim(connection: Connection, worker: int | None = None) -> tuple[str, uuid.UUID | None, int | None]:
    row = connection.execute("SELECT outcome, job_id, claim_no FROM jobs.claim(%s)", [worker]).fetchone()
    assert row
    return row


def step(connection: Connection, job: Any, number: Any) -> str:
    return value(connection, "SELECT jobs.run_step(%s, %s)", job, number)


def status(connection: Connection, job: Any) -> Any:
    return connection.execute(
        "SELECT status, progress, progress_message, error FROM jobs.job WHERE job_id = %s", [job]
    ).fetchone()


# --- which job is next --------------------------------------------------------------------------------------


def test_order_is_priority_then_submission_also_for_what_is_committed_late(one: Connection, two: Connection) -> None:
    with one.transaction():
        late = submit(one)
        first = submit(two)
        assert claim(two)[1] == first
    for _ in range(300):  # over several trays
        submit(one)
    high = submit(one, "critical")
    low = submit(one, "low")
    assert claim(one)[1] == high
    assert claim(one)[1] == late
    jobs = [
        value(one, "SELECT job_id FROM jobs.job WHERE status = 'pending' ORDER BY priority DESC, job_no OFFSET %s", n)
        for n in (0,)
    ]
    assert claim(one)[1] == jobs[0]
    one.execute(
        "UPDATE jobs.job SET status = 'cancelled', completed_at = now(), expires_at = now() WHERE status = 'pending' AND priority = 1"
    )
    assert claim(one)[1] == low


def test_a_claim_that_is_taken_back_leaves_the_job_first(one: Connection, two: Connection) -> None:
    first, second, third = (submit(one) for _ in range(3))
    with one.transaction(force_rollback=True):
        assert claim(one)[1] == first
        assert claim(two)[1] == second
    assert claim(two)[1] == first
    assert claim(two)[1] == third


def test_a_tray_is_put_away_only_when_nothing_can_come_into_it(one: Connection, two: Connection) -> None:
    one.execute("ALTER TABLE jobs.job ALTER COLUMN job_no RESTART WITH 1024")
    submit(one)
    with one.transaction():
        late = submit(one)
        for _ in range(127):
            submit(two)
        one_by_one(two)
        assert value(two, "SELECT count(*) FROM jobs_internal.trays") == 2
    assert claim(two)[:2] == ("ok", late)
    assert claim(two)[0] == "EMPTY"
    assert value(two, "SELECT count(*) FROM jobs_internal.trays") == 1


def test_a_transaction_with_one_snapshot_may_submit(one: Connection, two: Connection) -> None:
    """Its tray was put away after the snapshot was taken."""
    one.execute("ALTER TABLE jobs.job ALTER COLUMN job_no RESTART WITH 4096")
    two.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    submit(one)
    with two.transaction():
        two.execute("SELECT count(*) FROM jobs.job")
        one.execute("SELECT setval(pg_get_serial_sequence('jobs.job', 'job_no'), 4096 + 128)")
        submit(one)
        one_by_one(one)
        one.execute("SELECT setval(pg_get_serial_sequence('jobs.job', 'job_no'), 4096 + 8)")
        late = [submit(two), submit(two)]
    assert [claim(one)[1] for _ in late] == late


def one_by_one(connection: Connection, kind: str = "complete") -> int:
    count = 0
    while (found := claim(connection))[0] == "ok":
        assert value(connection, "SELECT jobs.complete(%s)", found[1]) == "ok"
        count += 1
    assert found[0] == "EMPTY"
    return count


def test_a_job_that_waits_again_is_found_though_its_tray_was_put_away(one: Connection) -> None:
    one.execute("ALTER TABLE jobs.job ALTER COLUMN job_no RESTART WITH 2048")
    first = submit(one)
    found = claim(one)
    for _ in range(130):
        submit(one)
    one_by_one(one)
    assert value(one, "SELECT jobs.give_back(%s, %s)", first, found[2])
    assert claim(one)[1] == first


def test_a_claim_reads_no_more_beside_an_open_transaction(one: Connection, two: Connection) -> None:
    def buffers() -> int:
        plan = value(one, "EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT json) SELECT jobs.claim()")[0]
        one.execute("SELECT jobs.complete(job_id) FROM jobs.job WHERE status = 'running'")
        return plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]

    one.execute("SELECT count(jobs.submit('work')) FROM generate_series(1, 2600)")
    buffers()  # plans and caches
    with two.transaction():
        two.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        two.execute("SELECT pg_current_xact_id()")
        before = min(buffers() for _ in range(10))
        one.execute("""
            DO $$ BEGIN FOR i IN 1..2000 LOOP
                PERFORM jobs.complete((jobs.claim()).job_id);
                COMMIT;
            END LOOP; END $$""")
        after = min(buffers() for _ in range(10))
    assert after < before + 400, "all that ran since would be more than 2000"


# --- capacity -----------------------------------------------------------------------------------------------


def test_several_sessions_never_run_more_than_the_capacity(one: Connection, shop: str) -> None:
    one.execute("SELECT jobs.set_capacity(3)")
    one.execute("SELECT count(jobs.submit('work')) FROM generate_series(1, 400)")
    most: list[int] = []
    wrong: list[str] = []

    def work() -> None:
        with psycopg.connect(shop, autocommit=True) as connection:
            while True:
                outcome, job, number = claim(connection)
                if outcome == "EMPTY":
                    return
                if outcome != "ok":
                    continue
                most.append(value(connection, "SELECT count(*) FROM jobs.job WHERE status = 'running'"))
                ended = step(connection, job, number)
                if ended != "completed":
                    wrong.append(ended)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert max(most) == 3
    assert value(one, "SELECT count(*) FROM shop.done") == 400
    assert value(one, "SELECT count(DISTINCT job_id) FROM shop.done") == 400
    assert value(one, "SELECT count(*) FROM jobs.job WHERE status = 'completed'") == 400


def test_a_lowered_capacity_holds_as_soon_as_jobs_end(one: Connection) -> None:
    for _ in range(9):
        submit(one)
    one.execute("SELECT jobs.set_capacity(5)")
    running = [claim(one)[1] for _ in range(5)]
    one.execute("SELECT jobs.set_capacity(2)")
    assert claim(one)[0] == "AT_CAPACITY"
    for job in running[:3]:  # from the first slots: those beyond the capacity still run
        assert value(one, "SELECT jobs.complete(%s)", job) == "ok"
        assert claim(one)[0] == "AT_CAPACITY"
    assert value(one, "SELECT jobs.complete(%s)", running[3]) == "ok"
    assert [claim(one)[0] for _ in range(2)] == ["ok", "AT_CAPACITY"]
    one.execute("SELECT jobs.set_capacity(0)")
    one.execute("SELECT jobs.complete(job_id) FROM jobs.job WHERE status = 'running'")
    assert claim(one)[0] == "AT_CAPACITY"
    one.execute("SELECT jobs.set_capacity(2)")
    assert value(one, "SELECT count(*) FROM jobs_internal.slots") == 2
    assert [claim(one)[0] for _ in range(3)] == ["ok", "ok", "AT_CAPACITY"]


def test_a_claim_needs_to_see_what_others_commit(one: Connection) -> None:
    one.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with one.transaction(), pytest.raises(errors.InvalidTransactionState), one.transaction():
        claim(one)


# --- steps --------------------------------------------------------------------------------------------------


def test_each_step_is_one_transaction_with_what_is_noted_of_it(one: Connection) -> None:
    job = submit(one, steps=3)
    _, _, number = claim(one)
    assert step(one, job, number) == "more"
    assert status(one, job) == ("running", 10, "step 1", None)
    with one.transaction(force_rollback=True):
        assert step(one, job, number) == "more"
    assert status(one, job) == ("running", 10, "step 1", None)
    assert [step(one, job, number) for _ in range(2)] == ["more", "completed"]
    assert step(one, job, number) == "lost"
    assert status(one, job) == ("completed", 100, "completed", None)
    assert value(one, "SELECT result FROM jobs.job_status") == {"steps": 3}
    assert value(one, "SELECT array_agg(step ORDER BY step) FROM shop.done") == [1, 2, 3]


def test_a_step_that_raises_is_taken_back_and_one_that_answers_an_error_is_not(one: Connection) -> None:
    raised, said = submit(one, steps=3, fail_at=2), submit(one, say_at=1)
    for _ in range(2):
        _, job, number = claim(one)
        while step(one, job, number) == "more":
            pass
    assert status(one, raised) == ("failed", 10, "step 1", "it broke")
    assert status(one, said) == ("failed", 0, "started", "it said so")
    assert "SQLSTATE P0001" in value(one, "SELECT error_traceback FROM jobs.job WHERE job_id = %s", raised)
    assert value(one, "SELECT count(*) FROM shop.done WHERE job_id = %s", raised) == 1
    assert value(one, "SELECT count(*) FROM shop.done WHERE job_id = %s", said) == 1


def test_a_job_that_is_asked_to_stop_does_so_before_its_next_step(one: Connection) -> None:
    job = submit(one, steps=3)
    _, _, number = claim(one)
    assert step(one, job, number) == "more"
    assert value(one, "SELECT jobs.cancel(%s)", job) == "cancel_requested"
    assert step(one, job, number) == "cancelled"
    assert status(one, job)[0] == "cancelled"
    assert value(one, "SELECT jobs.cancel(%s)", job) == "ALREADY_TERMINAL"


def test_a_job_is_asked_to_stop_while_its_step_runs(one: Connection, two: Connection) -> None:
    """Nobody waits for the step: its lock is that of the slot, not of the job."""
    job = submit(one, steps=2)
    _, _, number = claim(one)
    with one.transaction():
        one.execute("SELECT jobs_internal.enter_step(%s, %s)", [job, number])
        two.execute("SET lock_timeout = '2s'")
        assert value(two, "SELECT jobs.cancel(%s)", job) == "cancel_requested"
    assert step(one, job, number) == "cancelled"


# --- lost workers -------------------------------------------------------------------------------------------


def lose(connection: Connection, worker: int) -> None:
    connection.execute(
        "UPDATE jobs.worker SET seen_at = seen_at - interval '31 seconds' WHERE worker_id = %s", [worker]
    )


def test_the_job_of_a_lost_worker_waits_again_and_goes_on_where_it_was(one: Connection) -> None:
    dead, alive = (value(one, "SELECT jobs.join('w')") for _ in range(2))
    job = submit(one, steps=2)
    _, _, old = claim(one, dead)
    assert step(one, job, old) == "more"
    value(one, "SELECT jobs.heartbeat(%s)", alive)
    assert status(one, job)[0] == "running"
    lose(one, dead)
    assert value(one, "SELECT status FROM jobs.health") == "worker_lost"
    value(one, "SELECT jobs.heartbeat(%s)", alive)
    assert status(one, job) == ("pending", 10, "step 1", None)
    _, again, new = claim(one, alive)
    assert again == job
    assert step(one, job, old) == "lost"
    assert value(one, "SELECT jobs.complete(%s, NULL, %s)", job, old) == "INVALID_STATE"
    assert step(one, job, new) == "completed"
    assert value(one, "SELECT array_agg(step ORDER BY step) FROM shop.done") == [1, 2]


def test_a_step_under_way_is_left_alone_though_its_worker_is_lost(one: Connection, two: Connection) -> None:
    dead = value(one, "SELECT jobs.join('w')")
    job = submit(one)
    _, _, number = claim(one, dead)
    lose(one, dead)
    with one.transaction():
        assert step(one, job, number) == "completed"
        two.execute("SET lock_timeout = '2s'")
        assert value(two, "SELECT jobs_internal.sweep()") == 0
    assert status(two, job)[0] == "completed"
    assert value(two, "SELECT jobs_internal.sweep()") == 0


def test_after_the_last_attempt_a_lost_job_has_failed(one: Connection) -> None:
    for kind, attempts in (("once", 1), ("work", 3)):
        job = submit(one, kind=kind)
        for number in range(1, attempts + 1):
            worker = value(one, "SELECT jobs.join('w')")
            assert claim(one, worker)[1] == job
            lose(one, worker)
            assert value(one, "SELECT jobs_internal.sweep()") == 1
            assert status(one, job)[0] == ("failed" if number == attempts else "pending")
        assert status(one, job)[3] == "worker lost"
    assert value(one, "SELECT jobs_internal.tidy()") == 0


def test_a_worker_that_leaves_and_a_claim_whose_answer_was_lost(one: Connection) -> None:
    worker = value(one, "SELECT jobs.join('w')")
    job = submit(one, kind="work")
    _, _, number = claim(one, worker)
    value(one, "SELECT jobs.heartbeat(%s, '{}')", worker)
    assert status(one, job)[0] == "running", "the answer may be on its way"
    one.execute("UPDATE jobs.job SET started_at = started_at - interval '1 minute'")
    value(one, "SELECT jobs.heartbeat(%s, ARRAY[%s::bigint])", worker, number)
    assert status(one, job)[0] == "running"
    value(one, "SELECT jobs.heartbeat(%s, '{}')", worker)
    assert status(one, job)[0] == "pending"
    assert claim(one, worker)[1] == job
    value(one, "SELECT jobs.leave(%s)", worker)
    assert status(one, job)[0] == "pending"
    assert not value(one, "SELECT jobs.heartbeat(%s)", worker)
    _, _, number = claim(one)
    value(one, "SELECT jobs.give_back(%s, %s)", job, number)
    assert value(one, "SELECT attempt_count FROM jobs.job") == 2


# --- shared requests ----------------------------------------------------------------------------------------


def test_many_requests_to_refresh_a_view_within_its_lag_are_one_run(one: Connection) -> None:
    one.execute(f"""
        SET ROLE {OWNER};
        CREATE TABLE IF NOT EXISTS shop.sales (customer integer PRIMARY KEY, amount integer);
        CREATE OR REPLACE VIEW shop.totals_live AS SELECT sal.customer, sal.amount FROM shop.sales AS sal;
        SELECT refresh.store('shop.totals', live => 'shop.totals_live', key => '{{customer}}', target_lag => '5 minutes');
        INSERT INTO shop.sales VALUES (1, 1) ON CONFLICT DO NOTHING;
        SELECT refresh.run('shop.totals');
        UPDATE shop.sales SET amount = amount + 1;
        RESET ROLE""")
    ask = """
        SELECT count(*) FILTER (WHERE asked.outcome = 'joined')
        FROM (SELECT (jobs.submit_refresh('shop.totals')).outcome FROM generate_series(1, 5000) OFFSET 0) AS asked"""
    assert value(one, ask) == 4999
    _, job, number = claim(one)
    assert step(one, job, number) == "completed"
    assert value(one, "SELECT result ->> 'updated' FROM jobs.job") == "1"
    assert value(one, ask) == 5000
    assert value(one, "SELECT count(*) FROM jobs.job") == 1
    one.execute("UPDATE jobs.job SET started_at = started_at - interval '6 minutes'")
    assert value(one, ask) == 4999
    assert value(one, "SELECT count(*) FROM jobs.job") == 2
    with pytest.raises(errors.UndefinedObject):
        value(one, "SELECT outcome FROM jobs.submit_refresh('shop.nothing')")


def test_what_failed_or_is_asked_to_stop_is_not_joined(one: Connection) -> None:
    ask = "SELECT outcome FROM jobs.submit('work', p_once_key => 'k', p_within => '1 hour')"
    assert [value(one, ask) for _ in range(2)] == ["ok", "joined"]
    job = claim(one)[1]
    assert value(one, ask) == "joined"
    one.execute("SELECT jobs.cancel(%s)", [job])
    assert value(one, ask) == "ok"
    one.execute("SELECT jobs.fail(%s, 'e')", [claim(one)[1]])
    assert value(one, ask) == "ok"


# --- rights -------------------------------------------------------------------------------------------------


def test_handlers_are_registered_routines_of_the_right_kind(one: Connection) -> None:
    for name, kind in (
        ("shop.nothing", "steps"),
        ("pg_catalog.now", "steps"),
        ("shop.work", "procedure"),
        ("", "outside"),
    ):
        with pytest.raises(errors.UndefinedFunction):
            one.execute("SELECT jobs.register('other', %s, %s)", [name, kind])
    with pytest.raises(errors.InvalidParameterValue):
        one.execute("SELECT jobs.register('tick', 'shop.work')")


def test_a_handler_runs_with_the_rights_of_the_worker(one: Connection) -> None:
    job = submit(one)
    one.execute("REVOKE INSERT ON shop.done FROM tidemark_operator")
    one.execute("SET SESSION AUTHORIZATION jobs_operator")
    _, _, number = claim(one)
    assert step(one, job, number) == "failed"
    assert status(one, job)[3] == "permission denied for table done"
    one.execute("RESET SESSION AUTHORIZATION; GRANT INSERT ON shop.done TO tidemark_operator")


def test_an_application_sees_and_cancels_what_is_its_own(one: Connection) -> None:
    mine, theirs = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
    foreign = value(one, "SELECT job_id FROM jobs.submit('work', p_tenant_id => %s)", theirs)
    one.execute("SET SESSION AUTHORIZATION jobs_other")
    other = submit(one)
    one.execute("SET SESSION AUTHORIZATION jobs_app")
    own = submit(one)
    one.execute("SELECT set_config('app.current_tenant_id', %s, false)", [mine])
    tenants = submit(one)
    seen = "SELECT array_agg(job_id ORDER BY job_no) FROM jobs.job_status"
    assert value(one, seen) == [own, tenants]
    for job in (foreign, other):
        assert value(one, "SELECT jobs.cancel(%s)", job) == "NOT_FOUND"
    for setting in ("no uuid", "", theirs):
        one.execute("SELECT set_config('app.current_tenant_id', %s, false)", [setting])
        assert value(one, seen) == ([foreign, own] if setting == theirs else [own])
    for text in (
        "SELECT jobs.submit('work', p_tenant_id => '11111111-1111-1111-1111-111111111111')",
        "SELECT jobs.submit('tick')",
        "SELECT jobs.claim()",
        "SELECT jobs.set_capacity(1)",
        "SELECT jobs.register('x', 'shop.work')",
        "SELECT error_traceback FROM jobs.job",
        "SELECT jobs_internal.sweep()",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            one.execute(text)
    assert value(one, "SELECT jobs.cancel(%s)", own) == "cancelled"
    one.execute("SET SESSION AUTHORIZATION jobs_operator")
    assert len(value(one, seen)) == 4
    assert value(one, "SELECT pending_jobs FROM jobs.health") == 3
    assert value(one, "SELECT outcome FROM jobs.submit('tick')") == "ok"
    for text in (
        "INSERT INTO jobs.job_type DEFAULT VALUES",
        "UPDATE jobs.job SET status = 'pending'",
        "SELECT jobs.register('x', 'shop.work')",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            one.execute(text)
    one.execute("RESET SESSION AUTHORIZATION")


def test_messages_wake_who_listens(one: Connection, two: Connection) -> None:
    two.execute("LISTEN tidemark_jobs")
    submit(one)
    assert [note.payload for note in two.notifies(timeout=5, stop_after=1)] == [""]
