"""Partitions that ticks make ahead and detach: nobody waits, no writer gets an error, stored views stay right."""

from __future__ import annotations

import threading

import pytest

from tidemark import config, db, doctor
from tidemark.steps import finish

TABLE = """
    CREATE SCHEMA toy;
    CREATE TABLE toy.sort (sort_id integer PRIMARY KEY);
    INSERT INTO toy.sort SELECT generate_series(0, 9);
    CREATE TABLE toy.fact (
        fact_id bigint GENERATED ALWAYS AS IDENTITY, day date NOT NULL, sort_id integer NOT NULL REFERENCES toy.sort,
        amount integer NOT NULL DEFAULT 1 CHECK (amount > 0), doubled integer GENERATED ALWAYS AS (amount * 2) STORED,
        PRIMARY KEY (fact_id, day)
    ) PARTITION BY RANGE (day);
    CREATE INDEX fact_sort_id_idx ON toy.fact (sort_id, day);
    CREATE TABLE toy.fact_rest PARTITION OF toy.fact DEFAULT;
    CREATE VIEW toy.sums_live AS SELECT sort_id, sum(amount) AS total, count(*) AS rows FROM toy.fact GROUP BY sort_id;"""
PARTS = """
    SELECT partition_name, range_start::date::text AS first, range_end::date::text AS last
    FROM ops_internal.partitions_of('toy.fact') WHERE NOT is_default ORDER BY range_start"""
SUMS = "toy.sums"


@pytest.fixture
def facts(engine):
    """An empty table with a default partition, on 15 February 2025."""
    engine.run("SET tidemark.clock = 'session'")
    engine.as_of("2025-02-15")
    engine.run(TABLE)
    return engine


def keep(engine, more="ahead => 1"):
    engine.run(f"SELECT ops.keep_partitions('toy.fact', first_day => '2025-01-10', {more})")


def tick(engine):
    engine.run("CALL refresh.tick()")


def told(engine):
    assert (
        engine.value("SELECT error_message FROM refresh_internal.chores WHERE chore_name = 'keep partitions'") is None
    )
    return engine.value("SELECT told FROM ops.partitioned_table WHERE table_name = 'toy.fact'")


def names(engine):
    return [row.partition_name.removeprefix("toy.fact_") for row in engine.rows(PARTS)]


def test_an_empty_table_has_all_its_partitions_at_once_and_new_ones_as_months_go_by(facts):
    keep(facts)
    assert [tuple(row) for row in facts.rows(PARTS)] == [
        ("toy.fact_2025_01", "2025-01-01", "2025-02-01"),
        ("toy.fact_2025_02", "2025-02-01", "2025-03-01"),
        ("toy.fact_2025_03", "2025-03-01", "2025-04-01"),
    ]
    facts.run(
        "INSERT INTO toy.fact (day, sort_id) SELECT '2025-01-01'::date + g, g % 10 FROM generate_series(0, 80) AS g"
    )
    facts.as_of("2025-05-02")
    for expected in (["05"], ["05", "06"], ["04", "05", "06"], ["04", "05", "06"]):
        tick(facts)
        assert [name[-2:] for name in names(facts)[3:]] == expected, "one a tick, the current one first, then none"
    assert told(facts) is None
    assert facts.value("SELECT count(*) FROM toy.fact_rest") == 0
    assert facts.value("""
        SELECT count(DISTINCT inh.inhparent) FROM pg_index idx JOIN pg_inherits inh ON inh.inhrelid = idx.indexrelid
        WHERE idx.indrelid = 'toy.fact_2025_06'::regclass""") == facts.value(
        "SELECT count(*) FROM pg_index WHERE indrelid = 'toy.fact'::regclass"
    ), "it has the indexes of its table"
    keep(facts)
    assert (
        facts.value("SELECT settled_on::text FROM ops.partitioned_tables WHERE table_name = 'toy.fact'")
        == "2025-05-02"
    ), "declared as before"


@pytest.mark.parametrize("lag", ["5 minutes", "0"])
def test_rows_of_the_default_partition_move_and_stored_views_stay_right(facts, lag):
    facts.run("""
        CREATE TABLE toy.seen (operation text);
        CREATE FUNCTION toy.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO toy.seen VALUES (TG_OP); RETURN NULL; END $$;
        CREATE TRIGGER row_seen AFTER INSERT OR DELETE ON toy.fact FOR EACH ROW EXECUTE FUNCTION toy.see();
        INSERT INTO toy.fact (day, sort_id) SELECT '2024-12-20'::date + g, g % 10 FROM generate_series(0, 79) AS g;
        TRUNCATE toy.seen;
        CREATE TRIGGER stated AFTER TRUNCATE ON toy.fact_rest FOR EACH STATEMENT EXECUTE FUNCTION toy.see()""")
    before = facts.rows("SELECT * FROM toy.fact ORDER BY fact_id")
    facts.declare(
        f"SELECT refresh.store('{SUMS}', live => 'toy.sums_live', key => '{{sort_id}}', target_lag => '{lag}')"
    )
    facts.check(SUMS)
    keep(facts)
    assert names(facts) == [], "who declares a table with rows waits for no lock"
    for _ in range(3):
        tick(facts)
    assert len(names(facts)) == 3, told(facts)
    assert facts.rows("SELECT * FROM toy.fact ORDER BY fact_id") == before
    assert facts.value("SELECT count(*) FROM toy.fact_rest") == 12, "what lies before the first day stays"
    assert facts.value("SELECT count(*) FROM toy.seen") == 0, "nothing happened to any row"
    facts.run(
        "INSERT INTO toy.fact_2025_03 (day, sort_id, fact_id) OVERRIDING SYSTEM VALUE VALUES ('2025-03-30', 3, 5000)"
    )
    facts.run("DELETE FROM toy.fact WHERE day = '2025-01-05'")
    facts.check(SUMS)
    assert facts.value("SELECT count(*) FROM toy.seen") == 2, (
        "triggers of rows fire in the default partition and in new ones"
    )
    facts.run("TRUNCATE toy.fact_2025_02")
    assert facts.value("SELECT operation FROM toy.seen OFFSET 2") == "TRUNCATE", (
        "of statements those of the default partition"
    )
    facts.check(SUMS)
    assert facts.check(SUMS).mode == "none"


def test_a_new_and_empty_partition_costs_a_stored_view_nothing(facts):
    keep(facts)
    facts.run("INSERT INTO toy.fact (day, sort_id) VALUES ('2025-02-01', 1)")
    facts.declare(f"SELECT refresh.store('{SUMS}', live => 'toy.sums_live', key => '{{sort_id}}')")
    facts.check(SUMS)
    facts.as_of("2025-03-01")
    tick(facts)
    assert names(facts)[-1] == "2025_04"
    assert facts.freshness(SUMS).freshness_status == "fresh"
    facts.run(
        "INSERT INTO toy.fact_2025_04 (day, sort_id, fact_id) OVERRIDING SYSTEM VALUE VALUES ('2025-04-02', 7, 77)"
    )
    done = facts.check(SUMS)
    assert (done.mode, done.key_count) == ("keys", 1), "captured from its first row on"


def test_old_partitions_are_detached_and_kept(facts):
    facts.declare(f"SELECT refresh.store('{SUMS}', live => 'toy.sums_live', key => '{{sort_id}}')")
    keep(facts, "ahead => 1, keep => '2 months'")
    facts.run(
        "INSERT INTO toy.fact (day, sort_id) SELECT '2025-01-01'::date + g, g % 10 FROM generate_series(0, 80) AS g"
    )
    facts.check(SUMS)
    facts.as_of("2025-04-01")
    for _ in range(4):
        tick(facts)
    assert names(facts) == ["2025_02", "2025_03", "2025_04", "2025_05"], (
        "31 January is more than two months ago, 28 February not"
    )
    assert facts.value("SELECT count(*) FROM toy.fact_2025_01") == 31
    assert facts.value("SELECT detached_count FROM ops.partitioned_table WHERE table_name = 'toy.fact'") == 1
    facts.check(SUMS)
    assert facts.value(f"SELECT sum(rows)::int FROM {SUMS}") == 50
    facts.run("UPDATE toy.fact_2025_01 SET amount = 9")
    assert facts.check(SUMS).mode == "none", "nobody follows it any more"
    facts.run("DROP TABLE toy.fact_2025_01")
    tick(facts)
    assert facts.value("SELECT detached_count FROM ops.partitioned_table WHERE table_name = 'toy.fact'") == 0


def test_nobody_in_the_way_waits_long_and_writers_get_no_error(facts):
    keep(facts)
    facts.run("INSERT INTO toy.fact (day, sort_id) VALUES ('2025-02-01', 1)")
    facts.as_of("2025-03-01")
    writer = facts.session()
    writer.execute("BEGIN")
    writer.execute("INSERT INTO toy.fact (day, sort_id) VALUES ('2025-04-09', 2)")
    tick(facts)
    assert "toy.fact_2025_04: somebody was in the way" in told(facts)
    writer.execute("INSERT INTO toy.fact (day, sort_id) VALUES ('2025-04-10', 3)")
    writer.execute("COMMIT")
    tick(facts)
    assert told(facts) is None
    assert facts.value("SELECT count(*) FROM toy.fact_2025_04") == 2


def test_what_cannot_be_made_is_told_and_stops_nothing(facts):
    facts.run("""
        INSERT INTO toy.fact (day, sort_id) VALUES ('2025-02-01', 1);
        CREATE TABLE toy.fact_2025_02 (note text);
        CREATE TABLE toy.other (sort_id integer, day date) PARTITION BY RANGE (day);
        SELECT ops.keep_partitions('toy.other', 'quarter', ahead => 0)""")
    assert facts.value("SELECT partition_name FROM ops_internal.partitions_of('toy.other')") == "toy.other_2025_q1"
    keep(facts)
    for _ in range(4):
        tick(facts)
    assert names(facts) == ["2025_01", "2025_03"]
    assert told(facts).startswith('toy.fact_2025_02: relation "fact_2025_02" already exists')
    with db.connect(facts.dsn) as connection:
        found = finish(doctor.examine(connection, config.Settings(dsn=facts.dsn, dsn_source="the tests")))
    assert [one.level for one in found if "fact_2025_02" in one.text] == ["warning"], "the doctor tells it too"
    facts.run("DROP TABLE toy.fact_2025_02")
    done = facts.rows("SELECT * FROM ops.make_partitions('toy.fact', p_max_bytes => 0)")
    assert [row.done for row in done] == [None], "a default partition that is too large is left alone"
    assert "too large to be read while others wait" in done[0].told
    done = facts.rows("SELECT * FROM ops.make_partitions('toy.fact')")
    assert [row.done for row in done] == ["made toy.fact_2025_02, 1 rows came from the default partition"]
    facts.run("DROP VIEW toy.sums_live; DROP TABLE toy.fact, toy.other")
    facts.as_of("2025-02-16")
    tick(facts)
    assert [
        row.told for row in facts.rows("SELECT told FROM ops.partitioned_table WHERE table_name LIKE 'toy.%'")
    ] == ["there is no such table"] * 2


def test_rows_that_others_refer_to_are_not_moved(facts):
    facts.run("""
        INSERT INTO toy.fact (day, sort_id) VALUES ('2025-02-01', 1);
        CREATE TABLE toy.note (fact_id bigint, day date, FOREIGN KEY (fact_id, day) REFERENCES toy.fact ON DELETE CASCADE);
        INSERT INTO toy.note VALUES (1, '2025-02-01')""")
    keep(facts)
    for _ in range(4):
        tick(facts)
    assert names(facts) == ["2025_01", "2025_03"]
    assert "other tables refer to them" in told(facts)
    assert facts.value("SELECT count(*) FROM toy.note") == 1


@pytest.mark.parametrize("kind", ["timestamp", "timestamptz"])
def test_instants_are_cut_at_midnight_utc(facts, kind):
    facts.run(f"""
        SET timezone = 'America/New_York';
        SET datestyle = 'German';
        CREATE TABLE toy.event (at {kind} NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE toy.event_early PARTITION OF toy.event FOR VALUES FROM (MINVALUE) TO ('2025-02-10 00:00{"+00" if kind == "timestamptz" else ""}');
        SELECT ops.keep_partitions('toy.event', 'month', ahead => 1);
        SELECT ops.keep_partitions('toy.event', 'month', ahead => 1);
        SET timezone = 'UTC'""")
    facts.run("SET datestyle = 'ISO'")
    found = facts.rows(
        "SELECT range_start::text, range_end::text, partition_name FROM ops_internal.partitions_of('toy.event') ORDER BY range_start"
    )
    assert [tuple(row) for row in found[1:]] == [
        ("2025-02-10 00:00:00", "2025-03-01 00:00:00", "toy.event_2025_02_from_0210"),
        ("2025-03-01 00:00:00", "2025-04-01 00:00:00", "toy.event_2025_03"),
    ]


def test_other_tables_are_refused(facts):
    with facts.raises("42809"):
        facts.run("SELECT ops.keep_partitions('toy.sort')")
    with facts.raises("22023"):
        keep(facts, "ahead => 1, period => 'week'")
    with facts.raises("42704"):
        facts.run("SELECT * FROM ops.make_partitions('toy.sort')")


@pytest.mark.parametrize("lag", ["5 minutes", "0"])
def test_writers_at_work_get_no_error_and_lose_no_row(facts, lag):
    """Writers of the table, of its default partition and of what it refers to, while partitions come and go."""
    facts.run("ALTER TABLE toy.fact DROP CONSTRAINT fact_sort_id_fkey")
    facts.run("ALTER TABLE toy.fact ADD FOREIGN KEY (sort_id) REFERENCES toy.sort")
    facts.declare(
        f"SELECT refresh.store('{SUMS}', live => 'toy.sums_live', key => '{{sort_id}}', target_lag => '{lag}')"
    )
    facts.run(
        "INSERT INTO toy.fact (day, sort_id) SELECT '2025-01-05'::date + g, g % 10 FROM generate_series(0, 400) AS g"
    )
    facts.check(SUMS)
    keep(facts, "ahead => 2, keep => '4 months'")
    done = threading.Event()

    def write(first):  # each has keys of its own, so that they are not in each other's way
        session, written = facts.session(), 0
        statements = (
            "INSERT INTO toy.fact (day, sort_id) SELECT '2025-06-01'::date + g * 9, %(first)s + g %% 3 FROM generate_series(0, 60) AS g",
            "WITH gone AS (DELETE FROM toy.fact WHERE day > '2026-01-01' AND sort_id = %(first)s RETURNING *)"
            " INSERT INTO toy.fact (day, sort_id, amount) SELECT day, %(first)s + 1, amount FROM gone",
            "UPDATE toy.fact SET amount = amount + 1 WHERE day > '2025-06-01' AND sort_id = %(first)s + 2",
            "UPDATE toy.sort SET sort_id = sort_id WHERE sort_id = %(first)s",
        )
        while not done.is_set():
            found = session.execute(statements[written % len(statements)], {"first": first})
            written += 1
            assert found.rowcount >= 0
        session.close()
        return written

    writers = [facts.background(lambda first=first: write(first)) for first in (0, 3, 6)]
    try:
        for month in range(2, 11):
            facts.as_of(f"2025-{month:02}-15")
            for _ in range(4):
                tick(facts)
    finally:
        done.set()
    assert all(writer.result() > 0 for writer in writers), "a writer's error would come out here"
    # dead rows of quick writers may have made the default partition larger than a tick reads: the remedy it tells
    facts.run("SELECT * FROM ops.make_partitions('toy.fact', p_max_bytes => 1073741824)")
    for _ in range(12):
        tick(facts)
    assert told(facts) is None
    assert {"2025_10", "2025_11", "2025_12"} <= set(names(facts))
    assert "2025_01" not in names(facts)
    assert facts.value("SELECT count(*) FROM toy.fact_rest WHERE day >= '2025-10-01' AND day < '2026-01-01'") == 0
    facts.check(SUMS)
    assert facts.check(SUMS).mode == "none"
