"""Two sessions, step by step: whatever order they commit in, the next run leaves the stored rows right."""

import pytest

VIEW = "toy.status_by_model"


@pytest.fixture
def gate(toy):
    """A stored view whose live twin stops while somebody holds advisory lock 1, so that a run can be caught half-way."""
    toy.run("""
        CREATE FUNCTION toy.gate() RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_advisory_lock_shared(1); PERFORM pg_advisory_unlock_shared(1); RETURN TRUE; END $$;
        CREATE VIEW toy.gated_live AS SELECT model_id, name FROM toy.model WHERE toy.gate()""")
    toy.declare("SELECT refresh.store('toy.gated_by_model', 'toy.gated_live', '{model_id}')")
    toy.check("toy.gated_by_model")
    return toy


def test_a_link_committed_while_its_request_was_changing_is_not_lost(toy):
    """The trigger of session A cannot see the link of session B, nor the other way round."""
    a, b = toy.session(), toy.session()
    a.execute("BEGIN")
    a.execute("UPDATE toy.request SET done_on = '2025-06-29' WHERE request_id = 1")
    b.execute("BEGIN")
    b.execute("INSERT INTO toy.link VALUES (1, 60)")
    b.execute("COMMIT")
    a.execute("COMMIT")
    toy.check(VIEW)
    assert toy.value(f"SELECT last_on FROM {VIEW} WHERE model_id = 60").isoformat() == "2025-06-29"


@pytest.mark.parametrize("run_between", ["before any commit", "after the link", "after the request"])
def test_runs_between_the_commits_change_nothing_about_that(toy, run_between):
    a, b = toy.session(), toy.session()
    a.execute("BEGIN; UPDATE toy.request SET done_on = '2025-06-29' WHERE request_id = 1")
    b.execute("BEGIN; INSERT INTO toy.link VALUES (1, 60)")
    if run_between == "before any commit":
        toy.check(VIEW)
    if run_between == "after the request":
        a.execute("COMMIT")
        toy.refresh(VIEW)
        b.execute("COMMIT")
    else:
        b.execute("COMMIT")
        toy.refresh(VIEW)
        a.execute("COMMIT")
    toy.check(VIEW)


def test_a_deleted_link_still_leads_to_its_model(toy):
    a, b = toy.session(), toy.session()
    a.execute("BEGIN; UPDATE toy.request SET done_on = '2025-06-29' WHERE request_id = 1")
    b.execute("BEGIN; DELETE FROM toy.link WHERE request_id = 1")
    a.execute("COMMIT")
    toy.refresh(VIEW)
    b.execute("COMMIT")
    toy.check(VIEW)


def test_a_change_committed_while_a_run_reads_waits_for_the_next_run(gate):
    holder, runner, writer = gate.session(), gate.session(), gate.session()
    gate.run("UPDATE toy.model SET name = 'first' WHERE model_id = 1")
    holder.execute("SELECT pg_advisory_lock(1)")
    run = gate.background(lambda: runner.execute("SELECT * FROM refresh.run('toy.gated_by_model')").fetchone())
    gate.wait_until_blocked(runner)
    writer.execute("UPDATE toy.model SET name = 'second' WHERE model_id = 1")
    holder.execute("SELECT pg_advisory_unlock(1)")
    assert run.result().key_count == 1
    assert gate.freshness("toy.gated_by_model").pending_count == 1
    assert gate.check("toy.gated_by_model").key_count == 1
    assert gate.value("SELECT name FROM toy.gated_by_model WHERE model_id = 1") == "second"


def test_a_second_run_of_a_view_waits_and_sees_what_the_first_one_did(gate):
    holder, first, second = gate.session(), gate.session(), gate.session()
    gate.run("UPDATE toy.model SET name = 'first' WHERE model_id = 1")
    holder.execute("SELECT pg_advisory_lock(1)")
    one = gate.background(lambda: first.execute("SELECT * FROM refresh.run('toy.gated_by_model')").fetchone())
    gate.wait_until_blocked(first)
    gate.run("UPDATE toy.model SET name = 'second' WHERE model_id = 2")
    two = gate.background(lambda: second.execute("SELECT * FROM refresh.run('toy.gated_by_model')").fetchone())
    gate.wait_until_blocked(second)
    holder.execute("SELECT pg_advisory_unlock(1)")
    assert (one.result().key_count, two.result().key_count) == (1, 1)
    assert gate.refresh("toy.gated_by_model").mode == "none"
    assert gate.verify("toy.gated_by_model").is_equal


def test_readers_are_not_blocked_by_a_run(gate):
    holder, runner = gate.session(), gate.session()
    gate.run("UPDATE toy.model SET name = 'new' WHERE model_id = 1")
    holder.execute("SELECT pg_advisory_lock(1)")
    run = gate.background(lambda: runner.execute("SELECT * FROM refresh.run('toy.gated_by_model', TRUE)").fetchone())
    gate.wait_until_blocked(runner)
    reader = gate.session(lock_timeout="100ms", statement_timeout="2s")
    assert reader.execute("SELECT count(*) FROM toy.gated_by_model WHERE name = 'new'").fetchone()[0] == 0
    holder.execute("SELECT pg_advisory_unlock(1)")
    run.result()
    assert reader.execute("SELECT count(*) FROM toy.gated_by_model WHERE name = 'new'").fetchone()[0] == 1


def test_a_scheduler_passes_by_a_view_another_session_is_at(gate):
    holder, runner = gate.session(), gate.session()
    gate.run("UPDATE toy.model SET name = 'new' WHERE model_id = 1")
    holder.execute("SELECT pg_advisory_lock(1)")
    run = gate.background(lambda: runner.execute("SELECT * FROM refresh.run('toy.gated_by_model')").fetchone())
    gate.wait_until_blocked(runner)
    assert gate.row("SELECT * FROM refresh.try_run('toy.gated_by_model', FALSE, FALSE)").mode == "busy"
    assert gate.row("CALL refresh.run_due()").busy_count == 1
    holder.execute("SELECT pg_advisory_unlock(1)")
    run.result()


def test_concurrent_writers_never_wait_for_each_other(toy):
    a, b = toy.session(), toy.session(lock_timeout="200ms")
    a.execute("BEGIN; UPDATE toy.model SET name = 'a' WHERE model_id = 1")
    b.execute("UPDATE toy.model SET name = 'b' WHERE model_id = 2")
    b.execute("INSERT INTO toy.link VALUES (5, 1)")
    a.execute("COMMIT")
    toy.check(VIEW)


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_writers_of_every_isolation_level_are_seen(toy, level):
    writer = toy.session()
    writer.execute(f"BEGIN ISOLATION LEVEL {level}")
    writer.execute("UPDATE toy.model SET name = 'x' WHERE model_id = 1")
    toy.check(VIEW)
    writer.execute("DELETE FROM toy.link WHERE model_id = 2")
    writer.execute("COMMIT")
    assert toy.check(VIEW).key_count == 2


def test_a_prepared_transaction_is_seen_when_it_commits(toy):
    writer = toy.session()
    writer.execute("BEGIN; UPDATE toy.model SET name = 'x' WHERE model_id = 1; PREPARE TRANSACTION 'later'")
    assert toy.check(VIEW).mode == "none"
    writer.execute("COMMIT PREPARED 'later'")
    assert toy.check(VIEW).key_count == 1


def test_a_run_in_an_older_transaction_never_turns_a_row_back(toy):
    """A transaction begun before another session's run keeps that run's clock."""
    toy.run("CREATE VIEW toy.minute_live AS SELECT model_id, refresh.now() > '2000-01-01' AS is_past FROM toy.model")
    toy.declare("SELECT refresh.store('toy.minute_by_model', 'toy.minute_live', '{model_id}')")
    toy.as_of("")
    old = toy.session()
    old.execute("BEGIN")
    old.execute("SELECT now()")
    toy.check("toy.minute_by_model")
    before = toy.value(
        "SELECT clock_at FROM refresh.view_state JOIN refresh.stored_views USING (view_id) WHERE view_name = 'toy.minute_by_model'"
    )
    toy.run("INSERT INTO toy.model VALUES (500, 'x')")
    assert old.execute("SELECT mode FROM refresh.run('toy.minute_by_model')").fetchone().mode == "keys"
    assert old.execute("SELECT current_setting('tidemark.as_of', TRUE)").fetchone()[0] in ("", None)
    old.execute("COMMIT")
    after = toy.value(
        "SELECT clock_at FROM refresh.view_state JOIN refresh.stored_views USING (view_id) WHERE view_name = 'toy.minute_by_model'"
    )
    assert after >= before
