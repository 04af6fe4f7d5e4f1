"""tidemark plan: it changes nothing, waits for nobody, and what it says about a deployment comes true."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.deploy.drift import catalog
from tidemark.deploy.plan import preview, risk
from tidemark.deploy.plan.usage import Facts, Session
from tidemark.deploy.statements.locks_and_work import Effect, Lock, Touch, Work
from tidemark.deploy.statements.relations import Known, Relation
from tidemark.derive import catalog as derived
from tidemark.errors import DatabaseRefused
from tidemark.project import alone, library

MEGABYTE, GIGABYTE = 1024**2, 1024**3
PSQL = shutil.which("psql") or "/usr/lib/postgresql/15/bin/psql"


def plan(runner: Any) -> preview.Preview:
    return preview.preview(runner.connection, runner.files)


def statement(found: preview.Preview, number: int = 0) -> preview.Told:
    return found.statements[number]


def touched(told: preview.Told, relation: str) -> preview.Touched:
    return next(touch for touch in told.touches if touch.relation == relation)


# --- facts of the database --------------------------------------------------------------------------------


@pytest.fixture
def shop(runner, project):
    """Applied: a table with rows and much on top of it."""
    project.migration(
        "0001_shop",
        """CREATE SCHEMA s; CREATE SCHEMA bi;
        CREATE TABLE s.orders (order_id bigint PRIMARY KEY, amount numeric(10, 2), note text);
        CREATE TABLE s.lines (line_id bigint PRIMARY KEY, order_id bigint REFERENCES s.orders);
        CREATE POLICY mine ON s.orders USING (amount > 0);
        INSERT INTO s.orders SELECT n, n, 'x' FROM generate_series(1, 1000) AS n;""",
        "DROP SCHEMA bi; DROP TABLE s.lines; DROP TABLE s.orders; DROP SCHEMA s;",
    )
    project.view("s.spent", "SELECT order_id, amount FROM s.orders")
    project.view("s.noted", "SELECT order_id, note FROM s.orders")
    project.file(
        "views/bi/s_spent.sql",
        "CREATE OR REPLACE VIEW bi.s_spent AS SELECT amount FROM s.spent;\nCOMMENT ON VIEW bi.s_spent IS 'x';\n"
        "COMMENT ON COLUMN bi.s_spent.amount IS 'x';",
        name="bi.s_spent",
        requires="s.spent",
    )
    project.function(
        "s.total",
        "CREATE OR REPLACE FUNCTION s.total() RETURNS numeric LANGUAGE sql STABLE\n"
        "BEGIN ATOMIC SELECT sum(amount) FROM s.orders; END;",
    )
    runner.apply()
    runner.query("ANALYZE s.orders")
    return runner


def test_size_rows_and_dependents_are_told(shop, project):
    project.migration("0002_next", "ALTER TABLE s.orders ADD COLUMN extra integer;", depends="0001_shop")
    orders = touched(statement(plan(shop)), "s.orders")
    assert (orders.lock, orders.work, orders.rows, orders.is_new) == ("ACCESS EXCLUSIVE", "", 1000, False)
    assert orders.size_bytes == shop.query("SELECT pg_total_relation_size('s.orders')")[0][0]
    assert {(user.kind, user.identity) for user in orders.users} == {
        ("view", "s.spent"), ("view", "s.noted"), ("bi view", "bi.s_spent"), ("function", "s.total()"),
        ("policy", "mine on s.orders"), ("foreign key", "lines_order_id_fkey on s.lines"),
    }  # fmt: skip


def test_a_statement_about_a_column_names_what_reads_that_column(shop, project):
    project.migration("0002_next", "ALTER TABLE s.orders DROP COLUMN note;", depends="0001_shop")
    told = statement(plan(shop))
    assert [user.identity for user in touched(told, "s.orders").users] == ["s.noted"]
    assert (told.risk, told.lost) == ("medium", "column note of s.orders")


def test_a_column_that_a_bi_view_needs_is_a_finding_unless_that_view_changes_too(shop, project):
    project.migration("0002_next", "ALTER TABLE s.orders DROP COLUMN amount;", depends="0001_shop")
    found = [item for item in plan(shop).findings if item.rule == "used-column"]
    assert [(item.where, item.message) for item in found] == [
        ("migrations/0002_next.sql:3", "column amount of s.orders is used by bi view bi.s_spent")
    ]
    project.view("s.spent", "SELECT order_id, 1.0 AS amount FROM s.orders")
    assert [item for item in plan(shop).findings if item.rule == "used-column"] == []


def test_a_used_column_can_be_silenced_with_a_reason(shop, project):
    up = "-- tidemark-ignore: used-column because the dashboard is gone\nALTER TABLE s.orders DROP COLUMN amount;"
    project.migration("0002_next", up, depends="0001_shop")
    assert [item for item in plan(shop).findings if item.rule in ("used-column", "ignore")] == []


def test_what_a_migration_makes_itself_is_no_risk(shop, project):
    up = "CREATE TABLE s.made (a integer);\nCREATE INDEX made_idx ON s.made (a);\nALTER TABLE s.made ADD COLUMN b serial;"
    project.migration("0002_next", up, depends="0001_shop")
    found = plan(shop)
    assert [told.risk for told in found.statements] == ["none", "none", "none"]
    assert touched(statement(found, 1), "s.made").is_new


def test_a_renamed_table_keeps_its_facts(shop, project):
    up = "ALTER TABLE s.orders RENAME TO sales;\nALTER TABLE s.sales ALTER COLUMN amount TYPE text;"
    project.migration("0002_next", up, depends="0001_shop")
    sales = touched(statement(plan(shop), 1), "s.sales")
    assert (sales.rows, sales.work, sales.is_new) == (1000, "rewritten whole", False)


def test_a_dropped_table_with_rows_is_a_high_risk(shop, project):
    project.migration("0002_next", "DROP TABLE s.lines;\nDROP TABLE s.orders;", depends="0001_shop")
    found = plan(shop)
    assert [told.risk for told in found.statements] == ["low", "high"]
    assert "1,000 rows" in statement(found, 1).reason


def test_what_truncate_cascade_empties_is_told_at_any_distance(shop, project):
    up = "CREATE TABLE s.parcels (line_id bigint REFERENCES s.lines);"
    project.migration("0002_parcels", up, "DROP TABLE s.parcels;", depends="0001_shop")
    shop.apply()
    project.migration("0003_next", "TRUNCATE s.orders CASCADE;", depends="0002_parcels")
    told = statement(plan(shop))
    assert told.lost == "rows of s.orders, s.lines, s.parcels"
    assert {touch.relation for touch in told.touches} == {"s.orders", "s.lines", "s.parcels"}


def test_who_uses_a_table_now_is_named_and_not_waited_for(shop, project):
    project.migration("0002_next", "ALTER TABLE s.orders ADD COLUMN extra integer;", depends="0001_shop")
    with psycopg.connect(shop.dsn, application_name="night shift") as other:
        other.execute("LOCK TABLE s.orders IN ACCESS EXCLUSIVE MODE")
        orders = touched(statement(plan(shop)), "s.orders")
        assert [(seen.application, seen.lock) for seen in orders.sessions] == [("night shift", Lock.ACCESS_EXCLUSIVE)]
        assert orders.size_bytes > 0


# --- stored views -----------------------------------------------------------------------------------------


def test_stored_views_and_their_capture_are_found(server, fresh_db, tmp_path):
    base = copied_project(tmp_path)
    last = sorted((base / "migrations/model_risk").glob("[0-9]*.sql"))[-1].name.split(".")[0]
    (base / "migrations/model_risk" / "9999_model_risk_less.sql").write_text(
        f"-- Less.\n-- depends: {last}\n\nALTER TABLE model_risk.models DROP COLUMN risk_tier_id;\n"
    )
    with db.connect(fresh_db) as connection:
        found = preview.preview(connection, alone(base))
    message = next(item.message for item in found.findings if item.rule == "used-column")
    assert "stored view model_risk.kpi_fact_by_model" in message
    assert "bi view bi.model_risk_status" in message
    users = {user.identity: user for user in touched(statement(found), "model_risk.models").users}
    assert users["model_risk.kpi_fact_by_model"].through[-1] == "model_risk.kpi_fact"


def copied_project(target: Path) -> Path:
    for folder in ("migrations", "functions", "views", "scripts"):
        shutil.copytree(library() / folder, target / "copy" / folder)
    return target / "copy"


# --- a plan changes nothing -------------------------------------------------------------------------------


def test_a_plan_changes_nothing(shop, project):
    project.migration("0002_next", "ALTER TABLE s.orders DROP COLUMN note;", depends="0001_shop")
    project.view("s.noted", "SELECT order_id FROM s.orders")
    before = catalog.lines(shop.connection)
    # A transaction that may not write cannot take a number either.
    with db.connect(shop.dsn, options="-c default_transaction_read_only=on") as connection:
        found = preview.preview(connection, shop.files)
        assert not connection.info.transaction_status
    assert found.migrations
    assert catalog.lines(shop.connection) == before
    assert shop.query("SELECT count(*) FROM pg_locks WHERE locktype IN ('advisory', 'transactionid')") == [(0,)]


def test_a_plan_on_an_empty_database_makes_no_bookkeeping(runner, project):
    project.migration("0001_first", "CREATE TABLE public.first (a integer);")
    assert [told.kind for told in plan(runner).statements] == ["create table public.first"]
    assert runner.query("SELECT to_regnamespace('deploy') IS NULL") == [(True,)]


# --- functions and views ----------------------------------------------------------------------------------


def test_what_is_dropped_and_made_again_is_told_beforehand(shop, project):
    project.view("s.spent", "SELECT amount FROM s.orders")
    project.function(
        "s.total",
        "CREATE OR REPLACE FUNCTION s.total() RETURNS text LANGUAGE sql STABLE\n"
        "BEGIN ATOMIC SELECT sum(amount)::text FROM s.orders; END;",
    )
    project.view("s.noted", "SELECT order_id, note, 1 AS more FROM s.orders")
    told = {outcome.path: (outcome.action, outcome.reason) for outcome in plan(shop).outcomes}
    assert told == {
        "views/s/live/spent.sql": ("drop and create", "column order_id goes, moves or gets another name"),
        "views/bi/s_spent.sql": ("drop and create", "stands on s.spent"),
        "functions/s/rules/total.sql": ("drop and create", "its result changes from numeric to text"),
        "views/s/live/noted.sql": ("replace", "changed"),
    }
    done = shop.apply()
    assert set(done.files.recreated) == {"views/s/live/spent.sql", "functions/s/rules/total.sql"}
    assert set(done.files.ran) == set(told)
    assert plan(shop).outcomes == []


def test_what_makes_way_for_a_migration_is_told_beforehand(shop, project):
    up = "DROP POLICY mine ON s.orders;\nALTER TABLE s.orders ALTER COLUMN amount TYPE numeric(12, 3);"
    project.migration("0002_next", up, depends="0001_shop")
    found = plan(shop)
    assert [(told.makes_way, told.refused_by) for told in found.statements] == [(False, []), (True, [])]
    assert {outcome.action for outcome in found.outcomes} == {"drop and create"}
    assert {outcome.reason for outcome in found.outcomes} == {"makes way for migrations/0002_next.sql"}
    assert {outcome.path for outcome in found.outcomes} == set(shop.apply().files.ran)


def test_a_policy_that_makes_apply_fail_is_told_beforehand(shop, project):
    up = "ALTER TABLE s.orders ALTER COLUMN amount TYPE numeric(12, 3);"
    project.migration("0002_next", up, depends="0001_shop")
    assert statement(plan(shop)).refused_by == ["policy mine on s.orders"]
    with pytest.raises(DatabaseRefused, match="policy"):
        shop.apply()


def test_a_column_that_nothing_uses_lets_everything_stand(shop, project):
    up = "ALTER TABLE s.orders ADD COLUMN spare integer;\nALTER TABLE s.orders ALTER COLUMN order_id SET STATISTICS 10;"
    project.migration("0002_next", up, depends="0001_shop")
    found = plan(shop)
    assert (found.outcomes, [told.makes_way for told in found.statements]) == ([], [False, False])
    assert shop.apply().files.ran == []


def test_other_arguments_and_a_file_that_is_gone_are_told(shop, project):
    project.function(
        "s.total",
        "CREATE OR REPLACE FUNCTION s.total(factor integer) RETURNS numeric LANGUAGE sql STABLE\n"
        "BEGIN ATOMIC SELECT factor * sum(amount) FROM s.orders; END;",
    )
    project.remove("views/s/live/noted.sql")
    told = {outcome.path: (outcome.action, outcome.reason) for outcome in plan(shop).outcomes}
    assert told["functions/s/rules/total.sql"] == ("drop and create", "its arguments change")
    assert told["views/s/live/noted.sql"] == ("drop", "its file is gone")


# --- risk -------------------------------------------------------------------------------------------------


def judged(lock: Lock, work: Work, size: int, **more: Any) -> risk.Risk:
    known = Known({"s.t": Relation("s.t", size_bytes=size, rows=size // 100)})
    return risk.of(Effect("test", (Touch("s.t", lock, work),), **more), Facts(known), set())


@pytest.mark.parametrize(
    ("lock", "work", "size", "expected"),
    [
        (Lock.ACCESS_EXCLUSIVE, Work.NONE, 100 * GIGABYTE, "low"),
        (Lock.ACCESS_EXCLUSIVE, Work.REWRITE, MEGABYTE, "low"),
        (Lock.ACCESS_EXCLUSIVE, Work.SCAN, 20 * MEGABYTE, "medium"),
        (Lock.ACCESS_EXCLUSIVE, Work.REWRITE, GIGABYTE, "high"),
        (Lock.SHARE, Work.BUILD, 200 * MEGABYTE, "medium"),
        (Lock.SHARE, Work.BUILD, 2 * GIGABYTE, "high"),
        (Lock.SHARE_UPDATE_EXCLUSIVE, Work.SCAN, 100 * GIGABYTE, "low"),
        (Lock.SHARE_UPDATE_EXCLUSIVE, Work.NONE, 100 * GIGABYTE, "none"),
        (Lock.ROW_EXCLUSIVE, Work.ROWS, 100 * GIGABYTE, "none"),
        (Lock.ROW_EXCLUSIVE, Work.SCAN, MEGABYTE, "low"),
        (Lock.ROW_EXCLUSIVE, Work.SCAN, 20 * MEGABYTE, "medium"),
        (Lock.ROW_EXCLUSIVE, Work.SCAN, 2 * GIGABYTE, "high"),
    ],
)
def test_risk_grows_with_lock_work_and_size(lock, work, size, expected):
    assert judged(lock, work, size).level.word == expected


@pytest.mark.parametrize(
    ("rows", "size", "column", "table"),
    [(5, 1, "medium", "high"), (0, 1, "low", "low"), (0, 2 * MEGABYTE, "medium", "high")],
)
def test_what_is_lost_weighs_by_the_rows_that_may_be_there(rows, size, column, table):
    facts = Facts(Known({"s.t": Relation("s.t", size_bytes=size, rows=rows)}))
    touches = (Touch("s.t", Lock.ACCESS_EXCLUSIVE),)
    dropped = risk.of(Effect("test", touches, lost="column a of s.t"), facts, set())
    emptied = risk.of(Effect("test", touches, lost="rows of s.t", empties=("s.t",)), facts, set())
    assert (dropped.level.word, emptied.level.word) == (column, table)
    assert risk.of(Effect("test", touches, lost="rows of s.t", empties=("s.t",)), facts, {"s.t"}).level.word == "none"


def test_what_runs_concurrently_keeps_nobody_waiting():
    found = judged(Lock.SHARE_UPDATE_EXCLUSIVE, Work.BUILD, 100 * GIGABYTE, is_concurrent=True)
    assert (found.level.word, "nobody waiting" in found.reason) == ("low", True)


def test_a_long_transaction_in_the_way_is_a_risk_when_its_lock_conflicts():
    def with_session(lock: Lock, age: int) -> str:
        session = Session(7, "bob", "psql", lock, age, "SELECT 1")
        known = Known({"s.t": Relation("s.t", size_bytes=1)})
        effect = Effect("test", (Touch("s.t", Lock.SHARE_ROW_EXCLUSIVE),))
        return risk.of(effect, Facts(known, sessions={"s.t": [session]}), set()).level.word

    assert with_session(Lock.ROW_EXCLUSIVE, 60) == "medium"
    assert with_session(Lock.ACCESS_SHARE, 60) == "low"
    assert with_session(Lock.ROW_EXCLUSIVE, 1) == "low"


def test_a_short_lock_is_long_when_long_work_follows_in_the_same_file(shop, project):
    shop.query("CREATE TABLE s.big AS SELECT repeat('x', 2000) AS a, n FROM generate_series(1, 8000) AS n")
    shop.query("ANALYZE s.big")
    up = "ALTER TABLE s.orders ADD COLUMN extra integer;\nALTER TABLE s.big ALTER COLUMN n TYPE bigint;"
    project.migration("0002_next", up, depends="0001_shop")
    first = statement(plan(shop))
    assert (first.risk, first.reason) == ("medium", "s.orders stays locked while line 4 of the same file is at work")


# --- the command ------------------------------------------------------------------------------------------


def test_the_risky_statement_comes_before_the_rest(tidemark, shop, project):
    up = "COMMENT ON TABLE s.orders IS 'x';\nTRUNCATE s.orders, s.lines;"
    project.migration("0002_next", up, depends="0001_shop")
    lines = tidemark("plan", "--dsn", shop.dsn).stdout.splitlines()
    assert lines[0].startswith("risk high: 1 migration, 2 statements")
    assert lines[1].startswith("HIGH        migrations/0002_next.sql:4  truncate s.orders, s.lines")


def test_the_document_holds_all_facts(tidemark, shop, project):
    project.migration("0002_next", "TRUNCATE s.orders, s.lines;", depends="0001_shop")
    data = json.loads(tidemark("plan", "--json", "--dsn", shop.dsn).stdout)["data"]
    assert (data["risk"], data["migrations"]["pending"]) == ("high", ["0002_next"])
    told = data["statements"][0]
    assert (told["line"], told["risk"], told["lost"]) == (3, "high", "rows of s.orders, s.lines")
    assert {touch["relation"]: touch["lock"] for touch in told["touches"]}["s.orders"] == "ACCESS EXCLUSIVE"


def test_the_script_does_in_psql_what_apply_does(tidemark, runner, project, server):
    if not Path(PSQL).exists():
        pytest.skip("psql is not installed")
    project.migration("0001_first", "CREATE TABLE public.first (a integer PRIMARY KEY)\n-- no semicolon at the end\n")
    project.migration(
        "0002_index",
        "-- transactional: false\nCREATE INDEX CONCURRENTLY first_idx ON public.first (a);",
        depends="0001_first",
    )
    project.view("public.looks", "SELECT a, 'it''s: $$ \\ :a' AS b FROM public.first")
    project.view("public.above", "SELECT a FROM public.looks", requires="public.looks")
    script = tidemark("plan", "--sql", "--dsn", runner.dsn)
    assert script.returncode == 0
    for name in ("migrations/0001_first.sql", "migrations/0002_index.sql", "views/public/live/above.sql"):
        assert f"\n-- {name}\n" in script.stdout
    with server.database() as other:
        subprocess.run(
            [PSQL, "--no-psqlrc", server.dsn(other)], input=script.stdout, text=True, check=True, capture_output=True
        )
        with db.connect(server.dsn(other)) as connection:
            by_hand = catalog.lines(connection)
    runner.apply()
    assert by_hand == catalog.lines(runner.connection)


def test_a_plan_names_what_forces_every_key_and_how_to_write_it_narrower(server, fresh_db):
    with db.connect(fresh_db) as connection:
        with db.transaction(connection):
            connection.execute("""
                CREATE SCHEMA wide;
                CREATE TABLE wide.orders (id integer PRIMARY KEY, amount integer);
                CREATE VIEW wide.top AS SELECT o.id, o.amount FROM wide.orders o ORDER BY o.amount DESC, o.id LIMIT 3;
                SELECT refresh.store('wide.top_by_id', live => 'wide.top', key => '{id}');
                CREATE TABLE wide.offers (id integer PRIMARY KEY, opens_on date);
                CREATE VIEW wide.open AS
                    SELECT o.id, NULL::date AS next_on FROM wide.offers o WHERE o.opens_on <= refresh.as_of_date();
                SELECT refresh.store('wide.open_by_id', live => 'wide.open', key => '{id}', due => 'next_on');
            """)
            derived.hand_over(connection)
        seen = preview.preview(connection)
        found = seen.every_key
    (late,) = seen.by_time
    assert (late.view, late.often, late.is_pending) == ("wide.open_by_id", "each new day", False)
    assert late.reason.startswith("WHERE asks the clock")
    assert "appears =>" in late.narrower
    (one,) = [one for one in found if one.view == "wide.top_by_id"]
    assert one.source == "wide.orders"
    assert one.reason.startswith("LIMIT")
    assert "LATERAL" in one.narrower
    assert not one.is_pending
