"""Order, deadlines, failures and the logs: what a scheduler sees."""

import datetime as dt

import pytest

VIEW = "toy.status_by_model"


@pytest.fixture
def chain(toy):
    """status_by_model → count_by_tier → total: three levels, each stored."""
    toy.run(
        "CREATE VIEW toy.count_live AS SELECT tier, status, count(*) AS models FROM toy.status_by_model GROUP BY tier, status"
    )
    toy.declare("""SELECT refresh.store('toy.count_by_tier', 'toy.count_live', '{tier,status}')""")
    toy.run(
        "CREATE VIEW toy.total_live AS SELECT status, sum(models) AS models FROM toy.count_by_tier GROUP BY status"
    )
    toy.declare("SELECT refresh.store('toy.total_by_status', 'toy.total_live', '{status}', target_lag => '1 minute')")
    for view in (VIEW, "toy.count_by_tier", "toy.total_by_status"):
        toy.refresh(view)
    return toy


# an error that no single key is to blame for
REFUSE = """
    CREATE FUNCTION toy.refuse(is_hit boolean, n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        IF is_hit THEN
            RAISE EXCEPTION 'not ready' USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        RETURN n;
    END $$
"""


def views_run(engine, since):
    return [
        row.view_name
        for row in engine.rows("SELECT view_name FROM refresh.runs WHERE run_id > %s ORDER BY run_id", since)
    ]


def last_run(engine):
    return engine.value("SELECT coalesce(max(run_id), 0) FROM refresh.runs")


def test_a_change_climbs_three_levels_in_one_call(chain):
    before = last_run(chain)
    chain.run("UPDATE toy.policy SET days = 1 WHERE tier = 'high'")
    done = chain.row("CALL refresh.run_due()")
    assert (done.run_count, done.failed_count, done.busy_count) == (3, 0, 0)
    assert views_run(chain, before) == [VIEW, "toy.count_by_tier", "toy.total_by_status"]
    for view in (VIEW, "toy.count_by_tier", "toy.total_by_status"):
        assert chain.verify(view).is_equal
    assert chain.row("CALL refresh.run_due()").run_count == 0


def test_only_differences_climb(chain):
    before = last_run(chain)
    chain.run("UPDATE toy.model SET name = 'renamed' WHERE model_id = 1")
    chain.run("CALL refresh.run_due()")
    assert views_run(chain, before) == [VIEW, "toy.count_by_tier"], (
        "the counts did not change, so the totals had nothing to do"
    )


def test_time_climbs_too(chain):
    chain.as_of("2025-08-30")
    chain.run("CALL refresh.tick()")
    for view in (VIEW, "toy.count_by_tier", "toy.total_by_status"):
        assert chain.verify(view).is_equal


def test_levels_and_urgency_come_from_the_catalogue(chain):
    chain.run("UPDATE toy.policy SET days = 1 WHERE tier = 'high'")
    work = {row.view_name: row for row in chain.rows("SELECT * FROM refresh.work")}
    assert [work[view].level for view in (VIEW, "toy.count_by_tier", "toy.total_by_status")] == [0, 1, 2]
    assert work["toy.total_by_status"].waits_for == [VIEW]
    assert abs(work[VIEW].deadline_at - work["toy.total_by_status"].deadline_at) < dt.timedelta(seconds=1), (
        "urgent for the one on top"
    )
    fresh = chain.freshness("toy.total_by_status")
    assert fresh.lag > dt.timedelta(0)
    assert fresh.pending_count == 0, "nothing waits here, but below"


def test_parallel_sessions_get_independent_views_only(chain):
    chain.run("CREATE VIEW toy.name_live AS SELECT name, count(*) AS n FROM toy.model GROUP BY name")
    chain.declare("SELECT refresh.store('toy.count_by_name', 'toy.name_live', '{name}')")
    chain.run("UPDATE toy.policy SET days = 1 WHERE tier = 'high'")
    first = chain.value("SELECT refresh.next_view()")
    second = chain.value("SELECT refresh.next_view('{}', ARRAY[%s])", first)
    assert {first, second} == {VIEW, "toy.count_by_name"}
    assert chain.value("SELECT refresh.next_view('{}', ARRAY[%s, %s])", first, second) is None
    chain.refresh(VIEW)
    assert chain.value("SELECT refresh.next_view(ARRAY[%s], ARRAY['toy.count_by_name'])", VIEW) == "toy.count_by_tier"


def test_one_failing_view_is_logged_and_backed_off_and_the_others_go_on(chain):
    chain.run(REFUSE)
    chain.run("""
        CREATE VIEW toy.ratio_live AS SELECT model_id, toy.refuse(length(name) = 3, 1) AS ratio FROM toy.model;
        CREATE VIEW toy.ratio_count_live AS SELECT ratio FROM toy.model JOIN toy.ratio_live USING (model_id)""")
    chain.declare(
        "SELECT refresh.store('toy.ratio_by_model', 'toy.ratio_live', '{model_id}', target_lag => '1 second')"
    )
    chain.check("toy.ratio_by_model")
    chain.run(
        "UPDATE toy.model SET name = 'bad' WHERE model_id = 1; UPDATE toy.request SET done_on = '2025-06-29' WHERE request_id = 4"
    )
    done = chain.row("CALL refresh.run_due()")
    assert (done.run_count, done.failed_count) == (2, 1)
    assert chain.verify(VIEW).is_equal
    log = chain.row("SELECT * FROM refresh.runs WHERE mode = 'failed'")
    assert (log.view_name, log.error_code, log.error_message) == ("toy.ratio_by_model", "55000", "not ready")
    assert "refresh" in log.error_context
    fresh = chain.freshness("toy.ratio_by_model")
    assert (fresh.freshness_status, fresh.failure_count, fresh.pending_count) == ("failing", 1, 1)
    chain.run("UPDATE refresh.view_state SET retry_at = retry_at + interval '1 hour' WHERE failure_count > 0")
    assert chain.row("CALL refresh.run_due()").failed_count == 0, "left alone until retry_at"
    assert any("failing" in line for (line,) in chain.rows("SELECT * FROM refresh.explain('toy.ratio_by_model')"))
    chain.run("UPDATE refresh.view_state SET retry_at = clock_timestamp()")
    assert chain.row("CALL refresh.run_due()").failed_count == 1
    waits = chain.value(
        "SELECT extract(epoch FROM max(vst.retry_at) - max(log.started_at + log.duration_ms * interval '1 ms'))"
        " FROM refresh.view_state AS vst, refresh.runs AS log WHERE vst.failure_count = 2 AND log.mode = 'failed'"
    )
    assert 59 < waits <= 61, "twice the thirty seconds after the first failure"
    chain.run(
        "UPDATE toy.model SET name = 'good' WHERE model_id = 1; UPDATE refresh.view_state SET retry_at = clock_timestamp()"
    )
    assert chain.row("CALL refresh.run_due()").failed_count == 0
    assert chain.freshness("toy.ratio_by_model").freshness_status == "fresh"


def test_a_failing_source_does_not_hold_back_the_views_above_it(chain):
    chain.run(REFUSE)
    chain.run(
        "CREATE OR REPLACE FUNCTION toy.status(last_on date, days integer, as_of date) RETURNS text LANGUAGE sql IMMUTABLE"
        " RETURN CASE WHEN toy.refuse(days = 10, 1) > 0 THEN 'x' ELSE 'y' END"
    )
    chain.run("DELETE FROM toy.policy WHERE FALSE")
    chain.run(
        "CREATE VIEW toy.both_live AS SELECT tier, count(*) AS n FROM toy.model LEFT JOIN toy.count_by_tier USING (tier) GROUP BY tier"
    )
    chain.declare("SELECT refresh.store('toy.both_by_tier', 'toy.both_live', '{tier}')")
    chain.run("UPDATE toy.model SET tier = 'low' WHERE model_id = 3")
    done = chain.row("CALL refresh.tick()")
    assert done.failed_count == 1
    assert chain.freshness(VIEW).failure_count == 1
    assert chain.verify("toy.both_by_tier").is_equal


def test_breaches_are_recorded_and_closed(toy):
    toy.declare(
        "SELECT refresh.store('toy.status_by_model', 'toy.status_live', '{model_id}', 'next_change_on', target_lag => '10 seconds')"
    )
    toy.run("UPDATE toy.model SET name = 'x' WHERE model_id = 1")
    queue = toy.value(
        "SELECT format('refresh_data.changes_%s_a', source_id) FROM refresh.captured_sources WHERE source_name = 'toy.model'"
    )
    toy.run(
        f"UPDATE {queue} SET tidemark_at = tidemark_at - interval '1 hour'; UPDATE refresh.view_state SET taken_at = taken_at - interval '1 hour'"
    )
    assert toy.freshness(VIEW).freshness_status == "late"
    assert toy.value("SELECT refresh_internal.note_lags()") == 1
    breach = toy.row("SELECT * FROM refresh.breaches")
    assert breach.ended_at is None
    assert dt.timedelta(minutes=59) < breach.worst_lag < dt.timedelta(minutes=61)
    done = toy.row("CALL refresh.tick()")
    assert (done.run_count, done.late_count) == (1, 0)
    assert toy.row("SELECT * FROM refresh.breaches").ended_at is not None


def test_a_breach_nobody_looked_at_is_recorded_by_the_run_that_ends_it(toy):
    toy.declare(
        "SELECT refresh.store('toy.status_by_model', 'toy.status_live', '{model_id}', 'next_change_on', target_lag => '10 seconds')"
    )
    toy.run("UPDATE toy.model SET name = 'x' WHERE model_id = 1")
    queue = toy.value(
        "SELECT format('refresh_data.changes_%s_a', source_id) FROM refresh.captured_sources WHERE source_name = 'toy.model'"
    )
    toy.run(
        f"UPDATE {queue} SET tidemark_at = tidemark_at - interval '1 hour'; UPDATE refresh.view_state SET taken_at = taken_at - interval '1 hour'"
    )
    toy.refresh(VIEW)
    assert toy.row("SELECT * FROM refresh.breaches").ended_at is not None


def test_a_view_without_a_key_waits_for_more_changes(toy):
    toy.run("CREATE VIEW toy.total_live AS SELECT count(*) AS models FROM toy.model")
    toy.declare("SELECT refresh.store('toy.total', 'toy.total_live', target_lag => '1 hour')")
    toy.run("CALL refresh.tick()")
    toy.run("INSERT INTO toy.model VALUES (100, 'x', 'low')")
    toy.run("CALL refresh.tick()")
    assert toy.value("SELECT models FROM toy.total") == 60
    toy.run("CALL refresh.run_due()")
    assert toy.value("SELECT models FROM toy.total") == 61


def test_a_view_without_a_key_does_not_wait_once_its_definition_changed(toy):
    toy.run("CREATE VIEW toy.total_live AS SELECT count(*) AS models FROM toy.model")
    toy.declare("SELECT refresh.store('toy.total', 'toy.total_live', target_lag => '1 hour')")
    toy.run("CALL refresh.tick()")
    toy.run("INSERT INTO toy.model VALUES (100, 'x', 'low')")
    toy.run("CREATE OR REPLACE VIEW toy.total_live AS SELECT 2 * count(*) AS models FROM toy.model")
    toy.run("CALL refresh.tick()")
    assert toy.value("SELECT models FROM toy.total") == 122


def test_the_logs_are_trimmed_by_age(toy):
    toy.run("UPDATE refresh.runs SET started_at = started_at - interval '31 days'")
    toy.run("CALL refresh.tick()")
    assert toy.value("SELECT count(*) FROM refresh.runs") == 0
    toy.run("SET tidemark.run_log_days = 'many'")
    with toy.raises("22023"):
        toy.value("SELECT refresh_internal.trim_log()")


def test_a_tick_stops_in_time(chain):
    chain.run("UPDATE toy.policy SET days = 1 WHERE tier = 'high'")
    assert chain.row("CALL refresh.tick(0)").run_count == 0
    assert chain.row("CALL refresh.tick(60)").run_count == 3


def test_a_tick_works_for_a_session_that_prefers_other_isolation_levels(chain):
    session = chain.session(default_transaction_isolation="serializable", tidemark__as_of="2025-06-30")
    chain.run("UPDATE toy.policy SET days = 1 WHERE tier = 'high'")
    assert session.execute("CALL refresh.tick()").fetchone().run_count == 3


def test_run_all_works_in_one_transaction(chain):
    with chain.main.transaction():
        chain.run("UPDATE toy.policy SET days = 1 WHERE tier = 'high'")
        assert [row.view_name for row in chain.rows("SELECT * FROM refresh_internal.run_all()")] == [
            VIEW,
            "toy.count_by_tier",
            "toy.total_by_status",
        ]
    assert len(chain.rows("SELECT * FROM refresh_internal.run_all(TRUE)")) == 3


def test_explain_speaks_plainly(chain):
    lines = [line for (line,) in chain.rows("SELECT * FROM refresh.explain('toy.total_by_status')")]
    assert lines[0] == "toy.total_by_status is fresh: nothing waits."
    assert any("built on toy." in line for line in lines)
    assert None not in lines


@pytest.fixture
def logins(chain):
    chain.run("""
        CREATE ROLE toy_operator LOGIN IN ROLE tidemark_operator;
        CREATE ROLE toy_reader LOGIN IN ROLE tidemark_bi, tidemark_bi_all""")
    yield
    chain.run("DROP ROLE toy_operator; DROP ROLE toy_reader")


@pytest.mark.usefixtures("logins")
def test_an_operator_may_refresh_and_nobody_may_write_storage(chain):
    operator = chain.session(chain.dsn.replace("user=tidemark", "user=toy_operator"), tidemark__as_of="2025-06-30")
    reader = chain.session(chain.dsn.replace("user=tidemark", "user=toy_reader"))
    chain.run("UPDATE toy.policy SET days = 1 WHERE tier = 'high'")
    assert operator.execute("CALL refresh.tick()").fetchone().run_count == 3
    for allowed in (
        "SELECT * FROM refresh.freshness",
        "SELECT * FROM refresh.work",
        "SELECT * FROM refresh.verify('toy.status_by_model')",
        "SELECT * FROM refresh.rebuild('toy.status_by_model')",
        "SELECT refresh.explain('toy.status_by_model')",
        "SELECT * FROM refresh.runs",
        "SELECT refresh.bypass('toy.status_by_model', TRUE) AS a, refresh.bypass('toy.status_by_model', FALSE) AS b",
        "CALL refresh.run_due()",
        "SELECT refresh_internal.stored_as_of('toy.status_by_model')",
        "SELECT * FROM refresh.try_run('toy.status_by_model')",
    ):
        operator.execute(allowed)
    storage = chain.value("SELECT storage_name FROM refresh.stored_views WHERE view_name = %s", VIEW)
    for session, forbidden in (
        (operator, f"UPDATE {storage} SET name = 'x'"),
        (operator, "SELECT refresh.drop_view('toy.status_by_model')"),
        (operator, "SELECT refresh.store('toy.x', 'toy.status_live')"),
        (operator, "UPDATE refresh.view_state SET retry_at = NULL"),
        (operator, "SELECT refresh_data.refresh_1(TRUE, NULL, TRUE)"),
        (operator, "SELECT * FROM toy.model"),
        (reader, "SELECT * FROM refresh.freshness"),
        (reader, f"SELECT * FROM {storage}"),
        (reader, "CALL refresh.tick()"),
    ):
        with pytest.raises(Exception, match="permission denied"):
            session.execute(forbidden)
    assert len(reader.execute("SELECT * FROM bi.freshness").fetchall()) == 3


def test_a_tick_does_the_chores_that_are_due_and_notes_one_that_fails(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.done (at timestamptz DEFAULT clock_timestamp());
        CREATE FUNCTION toy.tidy() RETURNS void LANGUAGE sql AS 'INSERT INTO toy.done DEFAULT VALUES';
        CREATE FUNCTION toy.fail() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
            ('fails', 'toy.fail', '1 hour'), ('tidies', 'toy.tidy', '1 hour'), ('is not there', 'toy.nothing', '0')""")
    engine.run("CALL refresh.tick()")
    engine.run("CALL refresh.tick()")
    assert engine.value("SELECT count(*) FROM toy.done") == 1
    assert engine.rows(
        "SELECT chore_name, error_code, error_message FROM refresh_internal.chores WHERE error_code IS NOT NULL"
    ) == [("fails", "P0001", "no")]


def test_a_run_that_hits_statement_timeout_is_a_failure_and_delays_no_other_view(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.t (k integer PRIMARY KEY);
        INSERT INTO toy.t VALUES (1);
        CREATE VIEW toy.slow_live AS SELECT k, pg_sleep(30)::text AS z FROM toy.t;
        CREATE VIEW toy.quick_live AS SELECT k FROM toy.t""")
    engine.declare("SELECT refresh.store('toy.slow', 'toy.slow_live', '{k}', target_lag => '1 second')")
    engine.declare("SELECT refresh.store('toy.quick', 'toy.quick_live', '{k}')")
    session = engine.session(statement_timeout="500ms")
    done = session.execute("CALL refresh.tick()").fetchone()
    assert (done.run_count, done.failed_count) == (1, 1)
    assert engine.freshness("toy.slow").failure_count == 1
    assert engine.rows("SELECT view_name, error_code FROM refresh.runs WHERE error_code IS NOT NULL") == [
        ("toy.slow", "57014")
    ]
    assert engine.verify("toy.quick").is_equal


def test_a_tick_passes_over_a_view_that_a_writer_keeps_busy(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.t (k integer PRIMARY KEY, v integer);
        CREATE TABLE toy.u (k integer PRIMARY KEY, v integer);
        INSERT INTO toy.t VALUES (1, 1); INSERT INTO toy.u VALUES (1, 1);
        CREATE VIEW toy.t_live AS SELECT k, v FROM toy.t;
        CREATE VIEW toy.u_live AS SELECT k, v FROM toy.u""")
    engine.declare("SELECT refresh.store('toy.inside', 'toy.t_live', '{k}', target_lag => '0')")
    engine.declare("SELECT refresh.store('toy.other', 'toy.u_live', '{k}')")
    engine.run("CALL refresh.tick()")
    writer = engine.session()
    writer.execute("BEGIN; UPDATE toy.t SET v = 2")
    engine.run("UPDATE toy.u SET v = 2; UPDATE refresh.view_state SET whole_reason = 'asked for' WHERE view_id = 1")
    done = engine.row("CALL refresh.tick()")
    writer.execute("COMMIT")
    assert (done.run_count, done.failed_count, done.busy_count) == (1, 0, 1)
    assert engine.verify("toy.other").is_equal
