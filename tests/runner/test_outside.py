"""Files outside a transaction: interrupted at any statement, they are run again and end as if nothing had happened."""

import threading
import time

import psycopg
import pytest

from tidemark.errors import Busy, CannotConnect, DatabaseRefused, EditedMigration, FileProblem

TABLE = "CREATE TABLE public.t AS SELECT n AS a, 'x' || n AS b FROM generate_series(1, 100) AS n;"
PARTITIONS = (
    "CREATE TABLE public.p (a integer) PARTITION BY RANGE (a);"
    "CREATE TABLE public.low PARTITION OF public.p FOR VALUES FROM (0) TO (10);"
    "CREATE TABLE public.high PARTITION OF public.p FOR VALUES FROM (10) TO (20);"
)
WRITER, READER = "UPDATE public.t SET a = a WHERE a = 1", "SELECT count(*) FROM public.t"
INVALID = "SELECT coalesce(array_agg(indexrelid::regclass::text), '{}') FROM pg_index WHERE NOT indisvalid"


def outside(project, runner, *statements, setup=TABLE):
    """The setup, applied, and a migration with the statements outside a transaction, which waits to be."""
    if not (project.base / "migrations" / "0001_setup.sql").exists():
        project.migration("0001_setup", setup)
        runner.apply()
    project.migration("0002_outside", "-- transactional: false\n" + "\n".join(statements), depends="0001_setup")


def wait_until(holds):
    """For what another process is about to do; fails after half a minute."""
    end = time.monotonic() + 8
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def interrupted(runner, blocker):
    """Applies while another transaction holds what ``blocker`` takes, and ends the session once it waits for that."""
    problems = []

    def work():
        try:
            runner.apply()
        except CannotConnect as error:
            problems.append(error)

    pid = runner.connection.info.backend_pid
    with psycopg.connect(runner.dsn) as other:
        other.execute(blocker)
        thread = threading.Thread(target=work)
        thread.start()
        wait_until(
            lambda: runner.query(
                f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid} AND wait_event_type = 'Lock' AND query ~ 'CONCURRENTLY'"
            )
        )
        runner.query(f"SELECT pg_terminate_backend({pid})")
        thread.join()
        other.rollback()
    wait_until(lambda: not runner.query(f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid}"))
    assert problems


CASES = {
    "create index": (TABLE, "CREATE INDEX CONCURRENTLY i ON public.t (a);", WRITER, ["i"]),
    "create index on an expression": (
        TABLE,
        'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "i;ö" ON ONLY public.t USING btree (lower(b) DESC, (a + 1))'
        " INCLUDE (b) NULLS NOT DISTINCT WITH (fillfactor = 70) WHERE b LIKE 'x%';",
        WRITER,
        ['"i;ö"'],
    ),
    "drop index": (f"{TABLE} CREATE INDEX i ON public.t (a);", "DROP INDEX CONCURRENTLY public.i;", READER, ["i"]),
    "reindex index, early": (
        f"{TABLE} CREATE INDEX i ON public.t (a);",
        "REINDEX INDEX CONCURRENTLY public.i;",
        WRITER,
        ["i_ccnew"],
    ),
    "reindex table, late": (
        f"{TABLE} CREATE INDEX i ON public.t (a);",
        "REINDEX (VERBOSE, CONCURRENTLY) TABLE public.t;",
        READER,
        ["i_ccold"],
    ),
    "reindex schema": (
        f"{TABLE} CREATE INDEX i ON public.t (a); CREATE INDEX j ON public.t (b);",
        "REINDEX SCHEMA CONCURRENTLY public;",
        WRITER,
        ["i_ccnew", "j_ccnew"],
    ),
}


@pytest.mark.parametrize(("setup", "statement", "blocker", "left"), CASES.values(), ids=CASES.keys())
def test_an_interrupted_index_step_is_repaired_by_the_next_run(
    project, runner, runner_on, setup, statement, blocker, left
):
    outside(project, runner, statement, "CREATE TABLE public.behind (a integer);", setup=setup)
    interrupted(runner, blocker)
    assert set(left) <= set(runner.query(INVALID)[0][0])
    again = runner_on(runner.dsn)
    assert again.apply().migrations == ["0002_outside"]
    assert runner.query(INVALID) == [([],)]
    gone = statement.startswith("DROP")
    names = [name.split("_cc")[0] for name in left]
    assert [runner.query(f"SELECT to_regclass('public.{name}') IS NULL")[0][0] for name in names] == [gone] * len(
        left
    )
    assert runner.query(
        "SELECT count(*) FROM pg_class WHERE relkind = 'i' AND relname ~ '_cc(new|old)' AND relnamespace = 'public'::regnamespace"
    ) == [(0,)]
    assert again.apply().is_empty


def test_a_half_detached_partition_is_finished_by_the_next_run(project, runner, runner_on):
    outside(project, runner, "ALTER TABLE public.p DETACH PARTITION public.low CONCURRENTLY;", setup=PARTITIONS)
    interrupted(runner, "SELECT count(*) FROM public.p")
    assert runner.query("SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 'low'::regclass") == [(True,)]
    again = runner_on(runner.dsn)
    assert again.apply().migrations == ["0002_outside"]
    assert runner.query("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'low'::regclass") == [(0,)]
    assert runner.query("SELECT to_regclass('public.low') IS NOT NULL") == [(True,)]


def test_a_blocked_detach_is_finished_once_the_reader_has_gone(project, runner):
    """Each try is short, as the partition itself is locked; the tries together end in the same state."""
    outside(project, runner, "ALTER TABLE public.p DETACH PARTITION public.low CONCURRENTLY;", setup=PARTITIONS)
    with psycopg.connect(runner.dsn, application_name="nightly report") as other:
        other.execute("SELECT count(*) FROM public.p")
        with pytest.raises(Busy) as caught:
            runner.apply()
        assert "nightly report" in caught.value.detail
    runner.apply()
    assert runner.query("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'low'::regclass") == [(0,)]


def test_an_index_of_somebody_else_is_not_dropped(project, runner, runner_on):
    """The interrupted build is gone; in its place stands an invalid index of another definition."""
    outside(project, runner, "CREATE UNIQUE INDEX CONCURRENTLY i ON public.t (a);")
    interrupted(runner, WRITER)
    runner.query("DROP INDEX public.i")
    runner.query("INSERT INTO public.t SELECT 1, 'x1'")
    with psycopg.connect(runner.dsn, autocommit=True) as other, pytest.raises(psycopg.errors.UniqueViolation):
        other.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON public.t (b)")
    theirs = runner.query("SELECT 'i'::regclass::oid")
    again = runner_on(runner.dsn)
    with pytest.raises(DatabaseRefused) as caught:
        again.apply()
    assert caught.value.sqlstate == "42P07"
    assert "INVALID" in caught.value.hint
    assert runner.query("SELECT 'i'::regclass::oid") == theirs


def failed_build(runner, name):
    """Leaves an invalid index behind, as a program that knows no repair does."""
    runner.query("INSERT INTO public.t SELECT 1, 'x1'")
    with psycopg.connect(runner.dsn, autocommit=True) as other, pytest.raises(psycopg.errors.UniqueViolation):
        other.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON public.t (a)")
    runner.query("DELETE FROM public.t WHERE ctid = (SELECT min(ctid) FROM public.t WHERE a = 1)")


def test_an_invalid_index_from_before_is_neither_dropped_nor_passed_over(project, runner):
    outside(project, runner, "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON public.t (a);")
    failed_build(runner, "i")
    theirs = runner.query("SELECT 'i'::regclass::oid")
    for _ in range(2):
        with pytest.raises(DatabaseRefused, match="not valid") as caught:
            runner.apply()
        assert "DROP INDEX CONCURRENTLY i" in caught.value.hint
    assert runner.query("SELECT 'i'::regclass::oid") == theirs
    runner.query("DROP INDEX i")
    assert runner.apply().migrations == ["0002_outside"]


def test_what_looks_like_a_leftover_of_reindex_and_was_there_before_stays(project, runner, runner_on):
    outside(project, runner, "REINDEX TABLE CONCURRENTLY public.t;", setup=f"{TABLE} CREATE INDEX i ON public.t (a);")
    failed_build(runner, "other_ccnew")
    interrupted(runner, WRITER)
    assert len(runner.query(INVALID)[0][0]) > 1
    runner_on(runner.dsn).apply()
    assert runner.query(INVALID) == [(["other_ccnew"],)]


def test_another_session_at_work_on_the_table_is_waited_for(project, runner, runner_on):
    outside(project, runner, "CREATE INDEX CONCURRENTLY i ON public.t (a);")
    interrupted(runner, WRITER)
    again = runner_on(runner.dsn)
    with psycopg.connect(runner.dsn, application_name="somebody's build") as other:
        other.execute("LOCK TABLE public.t IN SHARE UPDATE EXCLUSIVE MODE")
        with pytest.raises(Busy) as caught:
            again.apply()
        assert "somebody's build" in caught.value.detail
        assert runner.query(INVALID) == [(["i"],)]
    assert again.apply().migrations == ["0002_outside"]


def test_a_failed_build_leaves_no_invalid_index(project, runner):
    outside(project, runner, "CREATE UNIQUE INDEX CONCURRENTLY i ON public.t ((a / 2));")
    with pytest.raises(DatabaseRefused) as caught:
        runner.apply()
    assert caught.value.sqlstate == "23505"
    assert runner.query(INVALID) == [([],)]
    assert runner.query("SELECT to_regclass('public.i')") == [(None,)]
    runner.query("DELETE FROM public.t WHERE a % 2 = 0")
    assert runner.apply().migrations == ["0002_outside"]


def test_a_statement_that_was_corrected_after_an_interruption_runs_with_its_new_text(project, runner, runner_on):
    outside(project, runner, "CREATE INDEX CONCURRENTLY i ON public.t (a);")
    interrupted(runner, WRITER)
    outside(project, runner, "CREATE INDEX CONCURRENTLY i ON public.t (b);")
    runner_on(runner.dsn).apply()
    assert runner.query("SELECT pg_get_indexdef('i'::regclass)") == [("CREATE INDEX i ON public.t USING btree (b)",)]


def test_an_index_that_was_finished_unnoticed_counts(project, runner):
    outside(project, runner, "CREATE INDEX CONCURRENTLY i ON public.t (a);", "SELECT 1 / 0;")
    with pytest.raises(DatabaseRefused):
        runner.apply()
    # killed between the end of the statement and the note of it
    runner.query("UPDATE deploy.migration_statement SET finished_at = NULL WHERE statement_no = 1")
    before = runner.query("SELECT 'i'::regclass::oid")
    outside(project, runner, "CREATE INDEX CONCURRENTLY i ON public.t (a);", "SELECT 1;")
    assert runner.apply().migrations == ["0002_outside"]
    assert runner.query("SELECT 'i'::regclass::oid") == before


# --- what a transaction can hold ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setup", "statement", "query"),
    [
        ("CREATE TYPE public.mood AS ENUM ('low');", "ALTER TYPE public.mood ADD VALUE 'high';", "SELECT 'high'::mood::text"),
        (
            f"{TABLE} ALTER TABLE public.t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;",
            "ALTER TABLE public.t VALIDATE CONSTRAINT positive;",
            "SELECT convalidated::text FROM pg_constraint WHERE conname = 'positive'",
        ),
        (
            f"{PARTITIONS} CREATE TABLE public.more (a integer);",
            "ALTER TABLE public.p ATTACH PARTITION public.more FOR VALUES FROM (20) TO (30);",
            "SELECT count(*)::text FROM pg_inherits WHERE inhrelid = 'more'::regclass",
        ),
        (TABLE, "UPDATE public.t SET a = a + 1000;", "SELECT min(a)::text FROM public.t"),
    ],
    ids=["add value", "validate", "attach", "update"],
)  # fmt: skip
def test_an_ordinary_statement_and_its_note_are_one_transaction(project, runner, setup, statement, query):
    """Its note cannot be written: neither it nor the note is there. Then both are, exactly once."""
    outside(project, runner, statement, setup=setup)
    runner.query(
        "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'interrupted'; END $$;"
        "CREATE TRIGGER refuse BEFORE UPDATE ON deploy.migration_statement FOR EACH ROW EXECUTE FUNCTION public.refuse();"
    )
    with pytest.raises(DatabaseRefused, match="interrupted"):
        runner.apply()
    assert runner.query("SELECT count(*) FROM deploy.migration_statement") == [(0,)]
    runner.query("DROP TRIGGER refuse ON deploy.migration_statement")
    runner.apply()
    assert runner.query(query)[0][0] in ("high", "true", "1", "1001")


def test_what_no_transaction_can_hold_is_sent_without(project, runner):
    procedure = (
        "CREATE PROCEDURE public.in_batches() LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE public.t SET b = 'y' WHERE a <= 50; COMMIT; UPDATE public.t SET b = 'y' WHERE a > 50; END $$;"
    )
    outside(
        project,
        runner,
        "VACUUM public.t;",
        "CALL public.in_batches();",
        "DO $$ BEGIN COMMIT; END $$;",
        setup=TABLE + procedure,
    )
    assert runner.apply().migrations[-1] == "0002_outside"
    assert runner.query("SELECT count(*) FROM public.t WHERE b = 'y'") == [(100,)]


def test_a_stopped_file_goes_on_where_it_stopped_with_its_settings(project, runner):
    outside(
        project,
        runner,
        "SET work_mem = '7MB';",
        "CREATE TABLE public.one AS SELECT current_setting('work_mem') AS setting;",
        "INSERT INTO public.one SELECT current_setting('work_mem') FROM public.two;",
    )
    with pytest.raises(DatabaseRefused) as caught:
        runner.apply()
    assert "statement 3 (line 6)" in caught.value.where
    runner.query("CREATE TABLE public.two AS SELECT 1 AS a")
    assert runner.apply().migrations == ["0002_outside"]
    assert runner.query("SELECT setting FROM public.one") == [("7MB",), ("7MB",)]
    assert runner.query("SELECT count(*) FROM deploy.migration_statement") == [(0,)]


def test_the_finished_part_of_a_stopped_file_may_not_change(project, runner):
    outside(project, runner, "CREATE TABLE public.one (a integer);", "SELECT 1 / 0;")
    with pytest.raises(DatabaseRefused):
        runner.apply()
    outside(project, runner, "CREATE TABLE public.one (b integer);", "SELECT 1;")
    with pytest.raises(EditedMigration, match="above the statement"):
        runner.apply()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("BEGIN;", "controls transactions"),
        ("CREATE INDEX CONCURRENTLY ON public.t (a);", "without a name"),
        ("SET lock_timeout = '9s';", "sets lock_timeout"),
        ("RESET ALL;", "switches lock_timeout off"),
    ],
)
def test_what_could_not_be_repaired_is_refused_before_anything_is_sent(project, runner, statement, message):
    outside(project, runner, "CREATE TABLE public.one (a integer);", statement)
    with pytest.raises(FileProblem, match=message) as caught:
        runner.apply()
    assert caught.value.where == "migrations/0002_outside.sql, line 5"
    assert runner.query("SELECT to_regclass('public.one')") == [(None,)]


def test_a_concurrent_step_in_a_transactional_file_is_refused_before_anything_is_sent(project, runner):
    project.migration("0001_setup", f"{TABLE}\nCREATE INDEX CONCURRENTLY i ON public.t (a);")
    with pytest.raises(FileProblem, match="concurrent step") as caught:
        runner.apply()
    assert "transactional: false" in caught.value.hint
