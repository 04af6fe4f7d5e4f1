"""Writers and readers beside stored views that are declared, redefined and dropped: nobody gets an error, nobody waits long.

TIDEMARK_TEST_WALKS multiplies the declarations (10 make the 200 of a long run).
"""

import os
import random
import threading
import time

import psycopg

ROUNDS = 20 * int(os.environ.get("TIDEMARK_TEST_WALKS", "1"))
WRITERS, READERS = 8, 4

DEFINITIONS = (
    "SELECT k, v FROM toy.t",
    "SELECT k, v * 10 AS v FROM toy.t",
    "SELECT t.k, t.v + coalesce(u.x, 0) AS v FROM toy.t LEFT JOIN toy.u USING (k)",
    "SELECT k, x AS v FROM toy.u",
)


def test_no_error_no_deadlock_and_a_bounded_wait(engine, record_property):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.t (k int PRIMARY KEY, v int); CREATE TABLE toy.u (k int PRIMARY KEY, x int);
        INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 400) AS g; INSERT INTO toy.u SELECT g, 0 FROM generate_series(1, 400) AS g;
        CREATE VIEW toy.still_live AS SELECT k, v FROM toy.t; CREATE VIEW toy.at_once_live AS SELECT k, v FROM toy.t""")
    engine.declare("""
        SELECT refresh.store('toy.still', 'toy.still_live', '{k}');
        SELECT refresh.store('toy.at_once', 'toy.at_once_live', '{k}', target_lag => '0')""")
    engine.run("CALL refresh.tick()")
    end, errors, worst, done = threading.Event(), [], [0.0], [0]

    def repeat(number, statements):
        session, draw = engine.session(), random.Random(number)
        while not end.is_set():
            begun = time.monotonic()
            try:
                with session.transaction():
                    for statement in statements:
                        session.execute(statement.format(k=number * 40 + draw.randint(1, 40)))
                done[0] += 1
            except psycopg.Error as error:
                errors.append(f"{statements}: {error.sqlstate} {error}")
            worst[0] = max(worst[0], time.monotonic() - begun)
            end.wait(0.005)

    writes = ["UPDATE toy.t SET v = v + 1 WHERE k = {k}", "UPDATE toy.u SET x = x + 1 WHERE k = {k}"]
    work = [(number, writes if number % 2 else writes[::-1]) for number in range(WRITERS)]
    work += [
        (0, ["SELECT * FROM refresh.freshness"]),
        (0, ["SELECT count(*) FROM toy.still JOIN toy.at_once USING (k)"]),
        (0, ["SELECT count(*) FROM toy.t JOIN toy.u USING (k)"]),
        (0, ["SELECT * FROM refresh.work"]),
    ]
    assert len(work) == WRITERS + READERS
    threads = [threading.Thread(target=repeat, args=one) for one in work]
    ticker = threading.Thread(target=lambda: tick(engine, end, errors))
    for thread in [*threads, ticker]:
        thread.start()
    declared = retried = 0
    draw = random.Random(1)
    while declared < ROUNDS:
        view = f"toy.come_{draw.randint(1, 3)}"
        known = engine.value("SELECT count(*) FROM refresh.stored_views WHERE view_name = %s", view)
        try:
            if known and draw.random() < 0.4:
                engine.run(f"SELECT refresh.drop_view('{view}')")
            else:
                engine.declare(
                    f"CREATE OR REPLACE VIEW {view}_live AS {draw.choice(DEFINITIONS)};"
                    f"SELECT refresh.store('{view}', '{view}_live', '{{k}}')"
                )
                declared += 1
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            retried += 1  # who declares gives way, never a writer
        assert retried < 20 * ROUNDS
    end.set()
    for thread in [*threads, ticker]:
        thread.join()
    record_property("transactions", done[0])
    record_property("worst_wait_seconds", round(worst[0], 3))
    record_property("declarations_tried_again", retried)
    assert errors == []
    engine.run("CALL refresh.tick()")
    for row in engine.rows("SELECT view_name FROM refresh.stored_views"):
        # one that met a declaration on its way is left alone for a moment, and says so
        assert engine.verify(row.view_name).is_equal or engine.freshness(row.view_name).freshness_status != "fresh"
    engine.run("UPDATE refresh.view_state SET retry_at = NULL")
    engine.run("CALL refresh.tick()")
    for row in engine.rows("SELECT view_name FROM refresh.stored_views"):
        assert engine.verify(row.view_name).is_equal
        assert engine.freshness(row.view_name).freshness_status == "fresh"


def tick(engine, end, errors):
    session = engine.session()
    while not end.is_set():
        try:
            session.execute("CALL refresh.tick()")
        except psycopg.Error as error:
            errors.append(f"tick: {error.sqlstate} {error}")
        end.wait(0.05)
