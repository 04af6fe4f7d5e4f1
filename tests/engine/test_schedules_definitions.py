"""Schedules around definitions: what a live view rests on changes, or views come and go beside writers, readers and runs."""

import threading

import pytest

VIEW = "toy.s"


def store(engine, setup, live, key="{k}", more=""):
    engine.run(f"CREATE SCHEMA IF NOT EXISTS toy; {setup}; CREATE VIEW toy.l AS {live}")
    engine.declare(f"SELECT refresh.store('{VIEW}', 'toy.l', '{key}'{more})")
    engine.check(VIEW)


DETAILS = {
    "function": (
        "CREATE FUNCTION toy.f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x + 1'", "SELECT k, toy.f(v) AS v FROM toy.t",
        "CREATE OR REPLACE FUNCTION toy.f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x + 2'"),
    "aggregate": (
        "CREATE AGGREGATE toy.agg(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')", "SELECT k, toy.agg(v) AS v FROM toy.t GROUP BY k",
        "CREATE OR REPLACE AGGREGATE toy.agg(int) (SFUNC = int4mul, STYPE = int, INITCOND = '5')"),
    "transition function": (
        """CREATE FUNCTION toy.step(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
           CREATE AGGREGATE toy.agg(int) (SFUNC = toy.step, STYPE = int, INITCOND = '1')""",
        "SELECT k, toy.agg(v) AS v FROM toy.t GROUP BY k",
        "CREATE OR REPLACE FUNCTION toy.step(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a * b * 3'"),
    "operator": (
        """CREATE FUNCTION toy.f(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
           CREATE OPERATOR toy.@@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = toy.f)""",
        "SELECT k, k OPERATOR(toy.@@@) v AS v FROM toy.t",
        "CREATE OR REPLACE FUNCTION toy.f(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a - b'"),
    "enum label": (
        "CREATE TYPE toy.state AS ENUM ('open', 'done'); ALTER TABLE toy.t ADD s toy.state DEFAULT 'open'",
        "SELECT k, s::text AS s FROM toy.t", "ALTER TYPE toy.state RENAME VALUE 'open' TO 'pending'"),
    "enum label in an array": (
        "CREATE TYPE toy.state AS ENUM ('open', 'done'); ALTER TABLE toy.t ADD s toy.state[] DEFAULT '{open}'",
        "SELECT k, s::text AS s FROM toy.t", "ALTER TYPE toy.state RENAME VALUE 'open' TO 'pending'"),
    "enum label in a domain in a composite": (
        """CREATE TYPE toy.state AS ENUM ('open', 'done'); CREATE DOMAIN toy.dom AS toy.state; CREATE TYPE toy.both AS (a toy.dom, b int);
           ALTER TABLE toy.t ADD s toy.both DEFAULT '(open,1)'""",
        "SELECT k, s::text AS s FROM toy.t", "ALTER TYPE toy.state RENAME VALUE 'open' TO 'pending'"),
    "attribute": (
        "CREATE TYPE toy.both AS (a int, b int); ALTER TABLE toy.t ADD s toy.both DEFAULT '(2,1)'",
        "SELECT k, to_jsonb(s)::text AS s FROM toy.t", "ALTER TYPE toy.both RENAME ATTRIBUTE a TO c"),
    "cast": (
        """CREATE TYPE toy.both AS (a int, b int); ALTER TABLE toy.t ADD s toy.both DEFAULT '(2,1)';
           CREATE FUNCTION toy.as_int(x toy.both) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT (x).a'; CREATE CAST (toy.both AS int) WITH FUNCTION toy.as_int""",
        "SELECT k, s::int AS s FROM toy.t",
        "CREATE OR REPLACE FUNCTION toy.as_int(x toy.both) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT (x).b'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DETAILS)
def test_what_a_definition_rests_on_is_part_of_it(engine, kind):
    setup, live, change = DETAILS[kind]
    store(engine, f"CREATE TABLE toy.t (k int, v int); INSERT INTO toy.t VALUES (1, 2), (2, 3); {setup}", live)
    assert engine.freshness(VIEW).freshness_status == "fresh"
    engine.run(change)
    assert not engine.verify(VIEW).is_equal, "the change must be one of the answer"
    assert engine.freshness(VIEW).freshness_status == "stale", "told at once, not by the next tick"
    engine.run("CALL refresh.tick()")
    assert engine.verify(VIEW).is_equal
    assert engine.freshness(VIEW).freshness_status == "fresh"
    assert engine.check(VIEW).mode == "none"


@pytest.mark.parametrize("kind", ["STORED", "VIRTUAL"])
def test_a_generated_column_with_another_expression(engine, server, kind):
    if server.major < (18 if kind == "VIRTUAL" else 17):
        pytest.skip("SET EXPRESSION came with PostgreSQL 17, virtual generated columns with 18")
    store(
        engine,
        f"CREATE TABLE toy.t (a int, v int, k int GENERATED ALWAYS AS (a + 1) {kind}); INSERT INTO toy.t (a, v) VALUES (1, 1), (2, 2)",
        "SELECT k, sum(v) AS v FROM toy.t GROUP BY k",
    )
    engine.run("ALTER TABLE toy.t ALTER COLUMN k SET EXPRESSION AS (a + 100)")
    assert engine.freshness(VIEW).freshness_status == "stale"
    engine.run("UPDATE toy.t SET v = v + 1")
    engine.run("CALL refresh.tick()")
    assert engine.verify(VIEW).is_equal
    engine.run("UPDATE toy.t SET v = v + 1")
    assert engine.check(VIEW).mode == "keys"


def test_a_grant_or_a_comment_is_no_change(engine):
    store(engine, "CREATE TYPE toy.state AS ENUM ('open'); CREATE TABLE toy.t (k int PRIMARY KEY, s toy.state DEFAULT 'open')",
        "SELECT k, s FROM toy.t")  # fmt: skip
    engine.run(
        "GRANT USAGE ON TYPE toy.state TO tidemark_bi; COMMENT ON TYPE toy.state IS 'x'; ALTER TABLE toy.t ALTER COLUMN k SET DEFAULT 5"
    )
    assert engine.freshness(VIEW).freshness_status == "fresh"
    assert engine.check(VIEW).mode == "none"


def test_column_grants_and_options_survive_a_lossy_change(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int)", "SELECT k, v FROM toy.t")
    engine.run(
        f"GRANT SELECT (k) ON {VIEW} TO tidemark_bi; GRANT SELECT ON {VIEW} TO tidemark_app; ALTER VIEW {VIEW} SET (security_barrier = true)"
    )
    engine.declare(
        f"DROP VIEW toy.l; CREATE VIEW toy.l AS SELECT k, v::bigint AS v FROM toy.t; SELECT refresh.store('{VIEW}', 'toy.l', '{{k}}')"
    )
    row = engine.row(f"""
        SELECT has_column_privilege('tidemark_bi', '{VIEW}', 'k', 'SELECT') AS bi, has_column_privilege('tidemark_bi', '{VIEW}', 'v', 'SELECT') AS wide,
            has_table_privilege('tidemark_app', '{VIEW}', 'SELECT') AS app, (SELECT reloptions FROM pg_class WHERE oid = '{VIEW}'::regclass) AS options""")
    assert (row.bi, row.wide, row.app, row.options) == (True, False, True, ["security_barrier=true"])


def test_a_drop_beside_a_run_that_moves_the_rows_leaves_nothing(engine):
    store(
        engine,
        "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1)",
        "SELECT k, v FROM toy.t",
    )
    engine.run("CREATE OR REPLACE VIEW toy.l AS SELECT k, v, 1 AS w FROM toy.t")
    runner, dropper = engine.session(), engine.session()
    runner.execute("BEGIN")
    runner.execute(f"SELECT refresh.run('{VIEW}')")
    dropped = engine.background(lambda: dropper.execute(f"SELECT refresh.drop_view('{VIEW}')"))
    engine.wait_until_blocked(dropper)
    runner.execute("COMMIT")
    dropped.result()
    engine.run("CALL refresh.tick()")
    assert (
        engine.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'refresh_data'::regnamespace AND relkind IN ('r', 'm')"
        )
        == []
    )
    assert engine.rows("SELECT proname FROM pg_proc WHERE pronamespace = 'refresh_data'::regnamespace") == []


def test_a_tick_does_not_wait_for_a_long_report_on_a_source_that_is_left(engine):
    store(engine, "CREATE TABLE toy.t (k int PRIMARY KEY, v int); CREATE TABLE toy.u (k int PRIMARY KEY, x int); INSERT INTO toy.t VALUES (1, 1)",
        "SELECT t.k, t.v + coalesce(u.x, 0) AS v FROM toy.t LEFT JOIN toy.u USING (k)")  # fmt: skip
    report = engine.session()
    report.execute("BEGIN; SELECT count(*) FROM toy.u")
    engine.run("CREATE OR REPLACE VIEW toy.l AS SELECT k, v FROM toy.t")
    ticker = engine.session(statement_timeout="15s")
    assert ticker.execute("CALL refresh.tick()").fetchone().failed_count == 0
    writer = engine.session(lock_timeout="1s")
    writer.execute("UPDATE toy.t SET v = 2; INSERT INTO toy.u VALUES (1, 1)")
    report.execute("COMMIT")
    engine.run("CALL refresh.tick()")
    assert engine.verify(VIEW).is_equal


@pytest.mark.parametrize("what", ["store", "drop", "run"])
def test_nothing_waits_without_limit_or_makes_others_wait(engine, what):
    """A reader of the stored view and a writer of its source go on for ever; who changes the view gives up and says so."""
    store(
        engine,
        "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1)",
        "SELECT k, v FROM toy.t",
    )
    reader, writer = engine.session(), engine.session()
    reader.execute(f"BEGIN; SELECT count(*) FROM {VIEW}")
    writer.execute("BEGIN; UPDATE toy.t SET v = 2")
    one = engine.session(statement_timeout="30s")
    statement = {
        "store": f"""CREATE OR REPLACE VIEW toy.l AS SELECT k, v, 1 AS w FROM toy.t; SELECT refresh.store('{VIEW}', 'toy.l', '{{k}}');
            SELECT refresh.affects('toy.t', '{VIEW}', 'SELECT k FROM changed WHERE v > 0')""",
        "drop": f"SELECT refresh.drop_view('{VIEW}')",
        "run": f"ALTER TABLE toy.t DISABLE TRIGGER USER; SELECT refresh.run('{VIEW}')",
    }[what]
    if what == "run":
        writer.execute("COMMIT")
    try:
        with one.transaction():
            one.execute(statement)
    except Exception as error:
        assert getattr(error, "sqlstate", None) == "55P03", error
    others = engine.session(lock_timeout="1s")
    others.execute("INSERT INTO toy.t VALUES (3, 3)")
    reader.execute("COMMIT")
    if what != "run":
        writer.execute("COMMIT")
    engine.run("CALL refresh.tick()")
    if what != "drop":
        assert engine.verify(VIEW).is_equal


def test_freshness_and_ticks_beside_declarations_get_no_error(engine):
    store(
        engine,
        "CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 50) AS g",
        "SELECT k, v FROM toy.t",
    )
    engine.run("CREATE VIEW toy.l2 AS SELECT k, v * 10 AS w FROM toy.t")
    end, errors = threading.Event(), []

    def ask(statement):
        session = engine.session()
        while not end.is_set():
            try:
                session.execute(statement)
            except Exception as error:
                errors.append(f"{statement}: {error}")

    asked = [
        engine.background(lambda q=q: ask(q))
        for q in ("SELECT * FROM refresh.freshness", "CALL refresh.tick()", "UPDATE toy.t SET v = v + 1")
    ]
    for _ in range(12):
        engine.declare("SELECT refresh.store('toy.s2', 'toy.l2', '{k}')")
        engine.run("SELECT refresh.drop_view('toy.s2')")
    end.set()
    for one in asked:
        one.result()
    assert errors == []


@pytest.mark.parametrize(
    "what",
    [
        "clock_timestamp()",
        "random()",
        "current_user::text",
        "current_date",
        "nextval('toy.q')",
        "(SELECT count(*) FROM pg_class)",
    ],
)
def test_what_nobody_could_keep_is_refused(engine, what):
    engine.run(
        f"CREATE SCHEMA toy; CREATE SEQUENCE toy.q; CREATE TABLE toy.t (k int PRIMARY KEY); CREATE VIEW toy.l AS SELECT k, {what} AS v FROM toy.t"
    )
    with engine.raises("42P16"):
        engine.run("SELECT refresh.store('toy.s', 'toy.l', '{k}')")


def test_a_slow_view_under_statement_timeout_starves_nobody_and_is_told(engine):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t VALUES (1, 1);
        CREATE FUNCTION toy.wait() RETURNS text LANGUAGE sql VOLATILE AS 'SELECT pg_sleep(30)::text';
        CREATE VIEW toy.slow AS SELECT k, toy.wait() AS v FROM toy.t; CREATE VIEW toy.l AS SELECT k, v FROM toy.t""")
    engine.declare(
        "SELECT refresh.store('toy.a_slow', 'toy.slow', '{k}', target_lag => '1 s'); SELECT refresh.store('toy.s', 'toy.l', '{k}')"
    )
    ticker = engine.session(statement_timeout="2s")
    for _ in range(2):
        try:
            ticker.execute("CALL refresh.tick()")
        except Exception as error:
            assert getattr(error, "sqlstate", None) == "57014", error
    assert engine.freshness("toy.s").freshness_status == "fresh"
    assert engine.freshness("toy.a_slow").freshness_status in ("failing", "empty")
    assert engine.value("SELECT failure_count FROM refresh.freshness WHERE view_name = 'toy.a_slow'") > 0
    assert engine.value("SELECT min(error_code) FROM refresh.runs WHERE view_name = 'toy.a_slow'") == "57014"
