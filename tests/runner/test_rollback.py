"""Rollback: says what goes and what is lost, and takes no row away unless that is allowed."""

import json
from pathlib import Path

import psycopg
import pytest

from tidemark import db
from tidemark.deploy.rollback import loss, undo_plan
from tidemark.errors import Busy, DatabaseRefused, UsageProblem
from tidemark.files import SqlFile

UP = """
CREATE SCHEMA shop;
CREATE TABLE shop.customers (customer_id integer, name text);
CREATE TABLE shop.orders (order_id integer);
"""
DOWN = "DROP TABLE shop.orders;\nDROP TABLE shop.customers;\nDROP SCHEMA shop;\n"


@pytest.fixture
def shop(project, runner):
    project.migration("0001_shop", UP, DOWN)
    project.migration(
        "0002_note",
        "ALTER TABLE shop.customers ADD note text;",
        "ALTER TABLE shop.customers DROP COLUMN note;",
        depends="0001_shop",
    )
    project.view("shop.names", "SELECT name, note FROM shop.customers")
    runner.apply()
    return runner


def take_back(runner, *, allow=False, **chosen):
    return runner.rollback(allow_data_loss=allow, **chosen)


def losses(runner, text):
    file = SqlFile("migrations/0001.rollback.sql", Path("0001.rollback.sql"), text)
    return [(one.effect, one.relation, one.column, one.row_count) for one in loss.of(runner.connection, file)]


def test_empty_tables_need_no_permission(shop):
    assert take_back(shop, count=2) == ["0002_note", "0001_shop"]
    assert shop.query("SELECT to_regnamespace('shop')") == [(None,)]


def test_rows_are_named_and_nothing_is_changed(shop):
    shop.query("INSERT INTO shop.customers VALUES (1, 'a'), (2, 'b')")
    before = shop.query("SELECT * FROM deploy._yoyo_log ORDER BY created_at_utc")
    with pytest.raises(UsageProblem, match="--allow-data-loss") as caught:
        take_back(shop, count=2)
    assert caught.value.exit_code == 2
    assert "shop.customers with 2 rows" in caught.value.detail
    assert "shop.orders" not in caught.value.detail
    assert shop.query("SELECT * FROM deploy._yoyo_log ORDER BY created_at_utc") == before
    assert shop.query("SELECT to_regclass('shop.names') IS NOT NULL") == [(True,)]
    assert take_back(shop, count=2, allow=True) == ["0002_note", "0001_shop"]


def test_a_column_without_values_is_no_loss_and_one_with_values_is(shop):
    shop.query("INSERT INTO shop.customers VALUES (1, 'a', NULL)")
    assert losses(shop, "ALTER TABLE shop.customers DROP COLUMN note;") == []
    shop.query("UPDATE shop.customers SET note = 'x'")
    with pytest.raises(UsageProblem) as caught:
        take_back(shop)
    assert "shop.customers.note with 1 values" in caught.value.detail


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DROP TABLE shop.customers, shop.orders", [("drops", "shop.customers", None, 3)]),
        ("DROP TABLE IF EXISTS shop.missing", []),
        ("DROP SCHEMA shop CASCADE", [("drops", "shop.customers", None, 3)]),
        ("TRUNCATE shop.customers, shop.orders", [("empties", "shop.customers", None, 3)]),
        ("DELETE FROM shop.customers WHERE customer_id = 1", [("deletes from", "shop.customers", None, 3)]),
        ("UPDATE ONLY shop.customers SET name = ''", [("changes", "shop.customers", None, 3)]),
        (
            "ALTER TABLE shop.customers DROP COLUMN missing, DROP name",
            [("drops column", "shop.customers", "name", 2)],
        ),
        ("ALTER TABLE shop.customers DROP COLUMN IF EXISTS missing", []),
        ("DO $$ BEGIN NULL; END $$", [("unknown", None, None, None)]),
        ("DROP TYPE shop.kind CASCADE", [("unknown", None, None, None)]),
        ("DROP VIEW shop.names CASCADE", []),
        ("DROP INDEX shop.some_idx; ALTER TABLE shop.customers ALTER name DROP NOT NULL", []),
    ],
)
def test_what_a_statement_takes_away(shop, statement, expected):
    shop.query("INSERT INTO shop.customers VALUES (1, 'a'), (2, 'b'), (3, NULL)")
    assert losses(shop, statement) == expected


def test_names_that_need_quotes_are_found(shop):
    shop.query('CREATE TABLE shop."Odd Name" AS SELECT 1 AS "A a"')
    assert losses(shop, 'DROP TABLE shop."Odd Name";') == [("drops", 'shop."Odd Name"', None, 1)]
    assert losses(shop, 'ALTER TABLE shop."Odd Name" DROP COLUMN "A a";') == [
        ("drops column", 'shop."Odd Name"', "A a", 1)
    ]


def test_large_tables_are_counted_up_to_a_million(shop):
    shop.query("INSERT INTO shop.orders SELECT generate_series(1, 1000002)")
    file = SqlFile("migrations/a.sql", Path("a.sql"), "DROP TABLE shop.orders;")
    (found,) = loss.of(shop.connection, file)
    assert (found.row_count, found.is_more) == (1_000_000, True)
    assert found.text == "shop.orders with more than 1,000,000 rows"


def test_rows_that_a_policy_hides_are_no_reason_to_drop_them(shop, runner_on, server):
    shop.query("DROP ROLE IF EXISTS tm_poor")
    shop.query("CREATE ROLE tm_poor LOGIN; GRANT USAGE ON SCHEMA shop TO tm_poor")
    try:
        shop.query("INSERT INTO shop.customers VALUES (1, 'a')")
        shop.query("ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY; GRANT SELECT ON shop.customers TO tm_poor")
        poor = runner_on(server.dsn(shop.connection.info.dbname, "tm_poor"))
        with pytest.raises(Exception, match="row-level security"):
            losses(poor, "DROP TABLE shop.customers;")
    finally:
        shop.query("DROP OWNED BY tm_poor; DROP ROLE tm_poor")


def test_rows_that_arrive_after_the_first_look_are_not_lost(shop, monkeypatch):
    looked = []
    first = loss.of

    def of(connection, file):
        found = first(connection, file)
        if file.path.startswith("migrations/0001") and not looked:
            looked.append(found)
            shop.query("INSERT INTO shop.orders VALUES (1)")
        return found

    monkeypatch.setattr(loss, "of", of)
    with pytest.raises(UsageProblem) as caught:
        take_back(shop, count=2)
    assert looked == [[]]
    assert "shop.orders with 1 rows" in caught.value.detail
    assert "this migration stays" in caught.value.hint
    assert shop.query("SELECT count(*) FROM shop.orders") == [(1,)]
    assert shop.plan().migrations.applied == ["0001_shop"]


def test_a_blocked_rollback_names_the_blocker_and_takes_nothing(shop):
    with psycopg.connect(shop.dsn, application_name="nightly report") as other:
        other.execute("SELECT count(*) FROM shop.customers")
        with pytest.raises(Busy) as caught:
            take_back(shop)
        assert "nightly report" in caught.value.detail
        other.rollback()
    assert take_back(shop) == ["0002_note"]


def test_the_plan_says_what_goes_along_and_changes_nothing(shop):
    shop.query("INSERT INTO shop.customers VALUES (1, 'a', 'x')")
    with db.connect(shop.dsn) as connection:
        second, first = undo_plan.plan(connection, ["0002_note", "0001_shop"], shop.files)
    assert (second.drops, first.drops) == (["views/shop/live/names.sql"], [])
    assert second.statements == ["ALTER TABLE shop.customers DROP COLUMN note"]
    assert [one.text for one in second.losses] == ["shop.customers.note with 1 values"]
    assert [one.text for one in first.losses] == ["shop.customers with 1 rows"]
    assert shop.plan().is_empty


def test_the_command(shop, tidemark):
    shop.query("INSERT INTO shop.customers VALUES (1, 'a', 'x')")
    plan = tidemark("rollback", "--count", "2", "--dry-run", "--dsn", shop.dsn)
    assert plan.returncode == 0
    for line in (
        "take back   0002_note",
        "drops     what views/shop/live/names.sql holds",
        "shop.customers with 1 rows",
    ):
        assert line in plan.stdout
    refused = tidemark("rollback", "--yes", "--json", "--dsn", shop.dsn)
    assert (refused.returncode, "allow-data-loss" in json.loads(refused.stdout)["error"]["hint"]) == (2, True)
    asked = tidemark("rollback", "--allow-data-loss", "--dsn", shop.dsn)
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    done = tidemark("rollback", "--allow-data-loss", "--yes", "--json", "--dsn", shop.dsn)
    assert json.loads(done.stdout)["data"]["rolled_back"] == ["0002_note"]
    assert tidemark("doctor", "--drift", "--dsn", shop.dsn).returncode == 0


def test_triggers_of_partitions_go_and_come_with_those_of_their_table(project, runner):
    """A row trigger of a partitioned table is on each partition as well, and no file names it there."""
    project.migration(
        "0001_shop",
        "CREATE SCHEMA shop; CREATE TABLE shop.sales (id integer, day date) PARTITION BY RANGE (day);"
        "CREATE TABLE shop.sales_2026 PARTITION OF shop.sales FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
        "DROP TABLE shop.sales; DROP SCHEMA shop;",
    )
    project.function(
        "shop.tg_keep",
        "CREATE OR REPLACE FUNCTION shop.tg_keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';\n"
        "CREATE OR REPLACE TRIGGER sales_keep BEFORE UPDATE ON shop.sales\n"
        "FOR EACH ROW EXECUTE FUNCTION shop.tg_keep();",
    )
    runner.apply()
    assert runner.rollback() == ["0001_shop"]
    assert runner.query("SELECT to_regnamespace('shop')") == [(None,)]
    runner.apply()
    assert runner.query("SELECT count(*) FROM pg_trigger WHERE tgname = 'sales_keep'") == [(2,)]


def test_a_trigger_that_code_made_on_a_partition_goes_with_it(project, runner):
    """Its function is in a file, the trigger itself in none: it stands in nobody's way, because its table goes."""
    project.migration(
        "0001_shop",
        "CREATE SCHEMA shop; CREATE TABLE shop.sales (id integer, day date) PARTITION BY RANGE (day);",
        "DROP TABLE shop.sales; DROP SCHEMA shop;",
    )
    project.function(
        "shop.tg_refuse",
        "CREATE OR REPLACE FUNCTION shop.tg_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';\n"
        "CREATE OR REPLACE TRIGGER sales_refuse BEFORE TRUNCATE ON shop.sales\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION shop.tg_refuse();",
    )
    runner.apply()
    runner.query(
        "CREATE TABLE shop.sales_2026 PARTITION OF shop.sales FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
    )
    made = "CREATE TRIGGER made BEFORE TRUNCATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION shop.tg_refuse()"
    runner.query(made.format("shop.sales_2026"))
    assert runner.rollback() == ["0001_shop"]
    runner.apply()
    runner.query("CREATE SCHEMA theirs; CREATE TABLE theirs.t (a integer);" + made.format("theirs.t"))
    with pytest.raises(DatabaseRefused, match=r"trigger made on table theirs\.t stands in the way"):
        runner.rollback()
