"""Schedules of views kept inside the writer's transaction, of the clock, and of what lag tells."""

import random
import threading
import time

import psycopg
import pytest


def store(engine, setup, live, arguments, view="toy.s"):
    engine.run(f"CREATE SCHEMA IF NOT EXISTS toy; {setup}; CREATE VIEW {view}_live AS {live}")
    engine.declare(f"SELECT refresh.store('{view}', '{view}_live', {arguments})")
    engine.refresh(view)
    assert engine.verify(view).is_equal


def business_zone(engine, zone):
    name = engine.value("SELECT quote_ident(current_database())")
    engine.session(engine.superuser_dsn).execute(f"ALTER DATABASE {name} SET tidemark.time_zone = '{zone}'")


def right(engine, view="toy.s"):
    found = engine.verify(view)
    assert found.is_equal, found
    assert engine.freshness(view).freshness_status == "fresh"


@pytest.mark.parametrize(
    ("key_type", "one", "two", "settings"),
    [
        ("date", "date '2025-01-01'", "date '2025-01-01'", {"DateStyle": "SQL, DMY"}),
        (
            "timestamptz",
            "timestamptz '2025-01-01 00:00+00'",
            "timestamptz '2025-01-01 00:00+00'",
            {"TimeZone": "Europe/Berlin"},
        ),
        ("numeric", "1.0", "1.00", {}),
        ("interval", "interval '1 day'", "interval '24 hours'", {"IntervalStyle": "iso_8601"}),
        ("float8", "0.1", "0.1", {"extra_float_digits": "0"}),
    ],
)
def test_writers_of_one_key_meet_whatever_their_sessions_write_it_like(engine, key_type, one, two, settings):
    store(engine, f"CREATE TABLE toy.t (id int PRIMARY KEY, k {key_type}, v int); INSERT INTO toy.t VALUES (1, {one}, 1)",
        "SELECT k, sum(v) AS v, count(*) AS n FROM toy.t GROUP BY k", "'{k}', target_lag => '0'")  # fmt: skip
    a, b = engine.session(), engine.session(**settings)
    a.execute(f"BEGIN; INSERT INTO toy.t VALUES (100, {one}, 5)")
    written = engine.background(lambda: b.execute(f"INSERT INTO toy.t VALUES (101, {two}, 7)"))
    engine.wait_until_blocked(b)
    a.execute("COMMIT")
    written.result()
    right(engine)
    assert engine.value("SELECT sum(v) FROM toy.s") == 13


def test_writers_of_different_keys_never_lock_each_other_out(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 400) AS g",
        "SELECT k, v FROM toy.t", "'{k}', target_lag => '0'")  # fmt: skip
    errors = []

    def work(number):
        session, draw = engine.session(), random.Random(number)
        for _ in range(15):
            keys = draw.sample(range(number * 100 + 1, number * 100 + 101), 6)
            try:
                with session.transaction():
                    for key in keys:
                        session.execute("UPDATE toy.t SET v = v + 1 WHERE k = %s", [key])
            except Exception as error:
                errors.append(error)

    for one in [engine.background(lambda n=n: work(n)) for n in range(4)]:
        one.result()
    assert errors == []
    right(engine)
    # any two transactions with four different keys, in whatever order
    a, b = engine.session(lock_timeout="1s"), engine.session(lock_timeout="1s")
    for first, second in (((1, 2), (3, 4)), ((9, 1), (2, 8))):
        a.execute("BEGIN")
        b.execute("BEGIN")
        for session, key in ((a, first[0]), (b, second[0]), (a, first[1]), (b, second[1])):
            session.execute("UPDATE toy.t SET v = 9 WHERE k = %s", [key])
        a.execute("COMMIT")
        b.execute("COMMIT")
    right(engine)


def test_a_recompute_of_everything_and_a_writer_of_one_key_wait_for_each_other(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 9) AS g",
        "SELECT k, v FROM toy.t", "'{k}', target_lag => '0'")  # fmt: skip
    writer, other = engine.session(), engine.session()
    writer.execute("BEGIN; UPDATE toy.t SET v = 5 WHERE k = 1")
    rebuilt = engine.background(lambda: other.execute("SELECT refresh.rebuild('toy.s')"))
    engine.wait_until_blocked(other)
    writer.execute("UPDATE toy.t SET v = 6 WHERE k = 2; COMMIT")
    rebuilt.result()
    right(engine)


def test_a_writer_with_an_older_snapshot_than_a_recompute_is_sent_back(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 9) AS g",
        "SELECT k, v FROM toy.t", "'{k}', target_lag => '0'")  # fmt: skip
    writer = engine.session()
    writer.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM toy.t")
    engine.run("UPDATE toy.t SET v = 1 WHERE k = 1")
    with pytest.raises(psycopg.errors.SerializationFailure):
        writer.execute(
            "INSERT INTO toy.t SELECT 1, 5 ON CONFLICT (k) DO NOTHING; INSERT INTO toy.t VALUES (10, 1); UPDATE toy.t SET v = v + 1 WHERE k = 1"
        )
    writer.execute("ROLLBACK")
    writer.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM toy.t")
    engine.run("SELECT refresh.rebuild('toy.s')")
    with pytest.raises(psycopg.errors.SerializationFailure):
        writer.execute("INSERT INTO toy.t VALUES (11, 1)")
    writer.execute("ROLLBACK")
    right(engine)


def test_writers_of_two_tables_meet_without_deadlock(engine):
    store(engine, """
        CREATE TABLE toy.a (k int PRIMARY KEY, v int); CREATE TABLE toy.b (k int PRIMARY KEY, a int, v int);
        INSERT INTO toy.a SELECT g, 0 FROM generate_series(1, 200) AS g; INSERT INTO toy.b SELECT g, g, 0 FROM generate_series(1, 200) AS g;
        SELECT refresh.affects('toy.a', 'toy.s', 'SELECT b.k FROM changed JOIN b ON b.a = changed.k')""",
        "SELECT b.k, a.v + b.v AS v FROM toy.b JOIN toy.a ON a.k = b.a", "'{k}', target_lag => '0'")  # fmt: skip
    errors = []

    def work(number):
        session, draw = engine.session(), random.Random(number)
        for _ in range(8):
            try:
                with session.transaction():
                    for key in sorted(draw.sample(range(number * 50 + 1, number * 50 + 51), 3)):
                        session.execute("UPDATE toy.a SET v = v + 1 WHERE k = %s", [key])
                        session.execute("UPDATE toy.b SET v = v + 1 WHERE k = %s", [key])
            except Exception as error:
                errors.append(error)

    for one in [engine.background(lambda n=n: work(n)) for n in range(4)]:
        one.result()
    assert errors == []
    right(engine)


def test_who_takes_the_lock_before_the_rows_cannot_deadlock(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 9) AS g",
        "SELECT k, v FROM toy.t", "'{k}', target_lag => '0'")  # fmt: skip
    a, b = engine.session(), engine.session()
    a.execute("BEGIN; SELECT refresh.lock_for_writing('toy.s'); UPDATE toy.t SET v = 1 WHERE k = 1")
    waiting = engine.background(lambda: b.execute("BEGIN; SELECT refresh.lock_for_writing('toy.s')"))
    engine.wait_until_blocked(b)
    a.execute("UPDATE toy.t SET v = 1 WHERE k = 2; COMMIT")
    waiting.result()
    b.execute("UPDATE toy.t SET v = 2 WHERE k = 2; UPDATE toy.t SET v = 2 WHERE k = 1; COMMIT")
    right(engine)
    assert engine.rows("SELECT v FROM toy.s WHERE k < 3") == [(2,), (2,)]


def test_writers_of_a_view_that_runs_keep_fresh_have_no_lock_to_take(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int)", "SELECT k, v FROM toy.t", "'{k}'")
    assert engine.value("SELECT refresh.lock_for_writing('toy.s')") is False
    with pytest.raises(psycopg.errors.UndefinedObject):
        engine.run("SELECT refresh.lock_for_writing('toy.none')")


ENDING = (
    "CREATE TABLE toy.t (k int PRIMARY KEY, ends date); INSERT INTO toy.t VALUES (1, '2037-06-01'), (2, '2037-06-01')"
)
EXPIRED = """SELECT k, ends < refresh.as_of_date() AS expired, CASE WHEN ends >= refresh.as_of_date() THEN ends + 1 END AS due FROM toy.t"""


@pytest.mark.parametrize("lag", ["0", "5 minutes"])
def test_the_day_a_session_looks_at_reaches_no_stored_row(engine, lag):
    store(engine, ENDING, EXPIRED, f"'{{k}}', due => 'due', target_lag => '{lag}'")
    other = engine.session(
        tidemark__clock="database",
        tidemark__as_of="2040-01-01",
        tidemark__time_zone="Pacific/Kiritimati",
        TimeZone="Asia/Tokyo",
    )
    other.execute("UPDATE toy.t SET ends = '2037-07-01' WHERE k = 1")
    other.execute("CALL refresh.tick()")
    other.execute("SELECT refresh.run('toy.s', TRUE)")
    assert engine.rows("SELECT expired FROM toy.s") == [(False,), (False,)]
    right(engine)


def test_a_transaction_older_than_midnight_stores_no_yesterday(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1), (2, 1)",
        "SELECT k, v, refresh.as_of_date() AS today FROM toy.t", "'{k}', target_lag => '0'")  # fmt: skip
    # a business zone in which midnight comes in two seconds
    left = engine.value("SELECT 86400 - (extract(epoch FROM now() AT TIME ZONE 'UTC')::bigint % 86400) - 2")
    zone = f"XXX-{left // 3600:02}:{left % 3600 // 60:02}:{left % 60:02}"
    business_zone(engine, zone)
    writer, watcher = engine.session(tidemark__clock="database"), engine.session(tidemark__clock="database")
    watcher.execute("CALL refresh.tick()")
    today = watcher.execute("SELECT refresh.as_of_date()").fetchone()[0]
    writer.execute("BEGIN; SELECT 1")
    while watcher.execute("SELECT refresh.as_of_date()").fetchone()[0] == today:
        threading.Event().wait(0.1)
    writer.execute("UPDATE toy.t SET v = 2 WHERE k = 1; COMMIT")
    row = watcher.execute("SELECT today > %s FROM toy.s WHERE k = 1", [today]).fetchone()
    assert row[0], "the row was written after midnight"
    assert watcher.execute("SELECT freshness_status FROM refresh.freshness").fetchone()[0] == "stale"
    watcher.execute("CALL refresh.tick()")
    assert watcher.execute("SELECT is_equal FROM refresh.verify('toy.s')").fetchone()[0]


def test_a_tick_passes_over_a_view_that_an_idle_writer_holds(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1), (2, 2)", "SELECT k, v FROM toy.t",
        "'{k}', target_lag => '0'")  # fmt: skip
    store(
        engine,
        "CREATE TABLE toy.u (k int PRIMARY KEY, v int); INSERT INTO toy.u VALUES (1, 1)",
        "SELECT k, v FROM toy.u",
        "'{k}'",
        "toy.other",
    )
    writer = engine.session()
    writer.execute("BEGIN; UPDATE toy.t SET v = 3 WHERE k = 1")
    engine.run(
        "UPDATE refresh.view_state SET whole_reason = 'asked for' WHERE view_id = (SELECT min(view_id) FROM refresh.stored_views)"
    )
    engine.run("UPDATE toy.u SET v = 2")
    called = engine.row("CALL refresh.tick()")
    assert (called.failed_count, called.busy_count) == (0, 1)
    assert engine.value("SELECT v FROM toy.other") == 2
    writer.execute("COMMIT")
    engine.run("CALL refresh.tick()")
    right(engine)


def test_a_bypass_beside_a_writer_and_a_tick_beside_a_chain(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 9) AS g",
        "SELECT k, v FROM toy.t", "'{k}', target_lag => '0'", "toy.a")  # fmt: skip
    store(engine, "", "SELECT k, v FROM toy.a", "'{k}', target_lag => '0'", "toy.b")
    writer = engine.session()
    writer.execute("BEGIN; UPDATE toy.t SET v = 1 WHERE k = 1; COMMIT")
    engine.run("SELECT refresh.bypass('toy.a', TRUE)")
    writer.execute("BEGIN; UPDATE toy.t SET v = 2 WHERE k = 1")
    ticker = engine.session()
    ticked = engine.background(lambda: ticker.execute("CALL refresh.tick()").fetchone())
    writer.execute("UPDATE toy.t SET v = 2 WHERE k = 2; COMMIT")
    ticked.result()
    engine.run("SELECT refresh.bypass('toy.a', FALSE)")
    engine.run("CALL refresh.tick()")
    right(engine, "toy.a")
    right(engine, "toy.b")


def test_a_chained_view_is_as_old_as_the_oldest_change_it_has_not_seen(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 5) AS g",
        "SELECT k, v FROM toy.t", "'{k}'", "toy.a")  # fmt: skip
    store(engine, "", "SELECT k, v FROM toy.a", "'{k}'", "toy.b")
    store(engine, "", "SELECT count(*) AS n, max(v) AS v, 1 AS k FROM toy.b", "'{k}'", "toy.c")
    engine.run("UPDATE toy.t SET v = 1 WHERE k = 1")
    captured = engine.value("SELECT clock_timestamp()")

    def is_old(view):
        return engine.value("SELECT data_as_of <= %s FROM refresh.freshness WHERE view_name = %s", captured, view)

    time.sleep(0.3)
    for run in ("toy.a", "toy.b", "toy.c"):
        assert is_old("toy.c"), f"before {run} ran"
        engine.refresh(run)
        if run == "toy.a":
            assert is_old("toy.b"), "what is in a now is as old as its change"
            engine.run("UPDATE toy.t SET v = 2 WHERE k = 2")
            engine.refresh("toy.a")
            assert is_old("toy.b")
    assert not is_old("toy.c")
    assert engine.freshness("toy.c").freshness_status == "fresh"


def test_a_chain_over_mode_full_is_as_old_too(engine):
    store(
        engine,
        "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1)",
        "SELECT k, v FROM toy.t",
        "NULL",
        "toy.a",
    )
    engine.run("CREATE VIEW toy.b_live AS SELECT k, v FROM toy.a")
    engine.declare(
        "SELECT refresh.store('toy.b', 'toy.b_live', '{k}'); SELECT refresh.affects('toy.a', 'toy.b', 'all')"
    )
    engine.refresh("toy.b")
    engine.run("UPDATE toy.t SET v = 2")
    captured = engine.value("SELECT clock_timestamp()")
    time.sleep(0.2)
    engine.refresh("toy.a")
    assert engine.value("SELECT data_as_of <= %s FROM refresh.freshness WHERE view_name = 'toy.b'", captured)


def test_an_instant_that_no_due_column_tells_is_admitted(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, at timestamptz); INSERT INTO toy.t VALUES (1, clock_timestamp() + interval '300 ms')",
        "SELECT k, at <= refresh.now() AS passed FROM toy.t", "'{k}', target_lag => '100 ms'")  # fmt: skip
    time.sleep(0.5)
    assert engine.freshness("toy.s").freshness_status != "fresh"
    engine.run("CALL refresh.tick()")
    assert engine.value("SELECT passed FROM toy.s")


@pytest.mark.parametrize("value", ["-infinity", "infinity", "4000-01-01 BC", "2000-01-01"])
def test_no_due_date_stops_anybody(engine, value):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, due timestamptz); INSERT INTO toy.t VALUES (1, '2999-01-01')", "SELECT k, due FROM toy.t",
        "'{k}', due => 'due'")  # fmt: skip
    store(
        engine,
        "CREATE TABLE toy.u (k int PRIMARY KEY, v int); INSERT INTO toy.u VALUES (1, 1)",
        "SELECT k, v FROM toy.u",
        "'{k}'",
        "toy.other",
    )
    engine.run(f"UPDATE toy.t SET due = '{value}'; UPDATE toy.u SET v = 2")
    assert engine.row("CALL refresh.tick()").failed_count == 0
    assert engine.value("SELECT v FROM toy.other") == 2
    right(engine, "toy.other")
    assert engine.verify("toy.s").is_equal
    engine.run("UPDATE toy.t SET due = '2999-01-01'")
    engine.check("toy.s")


@pytest.mark.parametrize("lag", ["0", "5 minutes"])
def test_the_settings_of_whoever_refreshes_are_not_in_the_rows(engine, lag):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, at timestamptz); INSERT INTO toy.t VALUES (1, '2026-01-01 23:30+00'), (2, '2026-01-01 23:30+00')",
        "SELECT k, at::date AS d, to_char(at, 'HH24') AS h, at::text AS t FROM toy.t", f"'{{k}}', target_lag => '{lag}'")  # fmt: skip
    writer = engine.session(TimeZone="Asia/Tokyo", DateStyle="German", extra_float_digits="-3")
    writer.execute("UPDATE toy.t SET at = at + interval '1 minute' WHERE k = 2")
    writer.execute("CALL refresh.tick()")
    right(engine)
    assert engine.value("SELECT count(DISTINCT d) FROM toy.s") == 1


def test_another_business_zone_is_told_at_once(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, at timestamptz); INSERT INTO toy.t VALUES (1, '2026-01-01 23:30+00')",
        "SELECT k, (at AT TIME ZONE refresh.time_zone())::date AS d FROM toy.t", "'{k}'")  # fmt: skip
    business_zone(engine, "Pacific/Kiritimati")
    other = engine.session(tidemark__clock="database")
    assert other.execute("SELECT freshness_status FROM refresh.freshness").fetchone()[0] == "stale"
    other.execute("CALL refresh.tick()")
    assert other.execute("SELECT is_equal FROM refresh.verify('toy.s')").fetchone()[0]


def test_a_verify_beside_runs_tells_no_difference_without_its_reason(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 3000) AS g",
        "SELECT k, v FROM toy.t", "'{k}'")  # fmt: skip
    end = threading.Event()

    def repeat(statement):
        session = engine.session()
        while not end.is_set():
            session.execute(statement)

    busy = [
        engine.background(lambda q=q: repeat(q))
        for q in ("UPDATE toy.t SET v = v + 1 WHERE k = 1 + (random() * 2999)::int", "CALL refresh.tick()")
    ]
    found = [engine.verify("toy.s") for _ in range(40)]
    end.set()
    for one in busy:
        one.result()
    assert [row for row in found if not row.is_equal and row.pending_count == 0] == []
    engine.check("toy.s")


def test_a_writer_that_committed_late_is_no_breach_that_anybody_could_avoid(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1), (2, 1)", "SELECT k, v FROM toy.t",
        "'{k}', target_lag => '1 s'")  # fmt: skip
    writer = engine.session()
    writer.execute("BEGIN; UPDATE toy.t SET v = 2 WHERE k = 1")
    time.sleep(1.6)
    engine.run("CALL refresh.tick()")
    writer.execute("COMMIT")
    engine.run("CALL refresh.tick()")
    right(engine)
    assert engine.rows("SELECT reason FROM refresh.breaches") in ([], [("a writer committed late",)])
    # and one that somebody could avoid is one
    engine.run("UPDATE toy.t SET v = 3 WHERE k = 2")
    time.sleep(1.6)
    engine.run("CALL refresh.tick()")
    assert (
        engine.value("SELECT reason FROM refresh.breaches ORDER BY breach_id DESC LIMIT 1")
        != "a writer committed late"
    )


@pytest.mark.parametrize("lag", ["0", "5 minutes"])
def test_a_view_that_is_filled_while_somebody_writes_what_is_captured_already(engine, lag):
    store(
        engine,
        "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1), (2, 1)",
        "SELECT k, v FROM toy.t",
        "'{k}'",
    )
    writer = engine.session()
    writer.execute("BEGIN; UPDATE toy.t SET v = 2 WHERE k = 1")
    engine.run("CREATE VIEW toy.l2 AS SELECT k, v + 1 AS w FROM toy.t")
    with engine.main.transaction():
        engine.run(f"SELECT refresh.store('toy.second', 'toy.l2', '{{k}}', target_lag => '{lag}')")
        engine.map_equal_names()
        engine.run("SELECT refresh.run('toy.second')")
    writer.execute("COMMIT")
    assert engine.verify("toy.second").is_equal or engine.freshness("toy.second").freshness_status != "fresh"
    engine.run("CALL refresh.tick()")
    right(engine, "toy.second")
