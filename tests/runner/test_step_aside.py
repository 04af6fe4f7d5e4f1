"""deploy.step_aside() and deploy.come_back(): the migration of another tool, seen from SQL alone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import config, db, doctor, files, project
from tidemark.deploy.apply import deployment, replace
from tidemark.deploy.drift import catalog
from tidemark.steps import finish

TABLES = """
CREATE SCHEMA shop AUTHORIZATION shop_owner;
SET ROLE shop_owner;
CREATE TABLE shop.customers (customer_id integer PRIMARY KEY, region text);
CREATE TABLE shop.orders (
    order_id integer PRIMARY KEY, customer_id integer REFERENCES shop.customers, amount integer, note text
);
INSERT INTO shop.customers SELECT number, 'region ' || number % 3 FROM generate_series(1, 10) AS number;
INSERT INTO shop.orders SELECT number, 1 + number % 10, number, 'note' FROM generate_series(1, 100) AS number;
GRANT USAGE ON SCHEMA shop TO shop_reader, shop_clerk;
RESET ROLE;
GRANT USAGE ON SCHEMA deploy TO shop_owner;
GRANT EXECUTE ON FUNCTION deploy.step_aside, deploy.come_back TO shop_owner;
"""

BY_HAND = """
CREATE VIEW shop.order_list WITH (security_barrier = true) AS SELECT order_id, customer_id, amount FROM shop.orders;
GRANT SELECT ON shop.order_list TO shop_reader WITH GRANT OPTION;
GRANT SELECT (order_id) ON shop.order_list TO shop_clerk;
COMMENT ON VIEW shop.order_list IS 'Orders, one a row.';
COMMENT ON COLUMN shop.order_list.amount IS 'In cents.';
ALTER VIEW shop.order_list ALTER COLUMN amount SET DEFAULT 5;
CREATE FUNCTION shop.enter_order() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER order_list_insert INSTEAD OF INSERT ON shop.order_list FOR EACH ROW EXECUTE FUNCTION shop.enter_order();
CREATE RULE order_list_delete AS ON DELETE TO shop.order_list DO INSTEAD DELETE FROM shop.orders WHERE order_id = old.order_id;
CREATE VIEW shop.small_order AS SELECT order_id, amount FROM shop.orders WHERE amount < 10 WITH LOCAL CHECK OPTION;
CREATE VIEW shop.own_order WITH (security_invoker = true) AS SELECT order_id, amount FROM shop.orders;
ALTER VIEW shop.own_order OWNER TO shop_owner;
CREATE FUNCTION shop.amount_of(p_order integer) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC SELECT sum(amount) FROM shop.orders WHERE order_id = p_order; END;
REVOKE ALL ON FUNCTION shop.amount_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.amount_of TO shop_reader;
COMMENT ON FUNCTION shop.amount_of IS 'Of one order.';
CREATE FUNCTION shop.listed() RETURNS SETOF shop.order_list LANGUAGE sql STABLE
BEGIN ATOMIC SELECT * FROM shop.order_list; END;
CREATE PROCEDURE shop.raise_amounts() LANGUAGE sql BEGIN ATOMIC UPDATE shop.orders SET amount = amount + 1; END;
CREATE VIEW shop.priced_order AS SELECT lis.*, shop.amount_of(lis.order_id) AS total FROM shop.order_list AS lis;
CREATE MATERIALIZED VIEW shop.customer_total AS SELECT customer_id, sum(amount) AS total FROM shop.orders GROUP BY customer_id;
CREATE UNIQUE INDEX customer_total_key ON shop.customer_total (customer_id);
CREATE INDEX customer_total_by_total ON shop.customer_total (total DESC) WHERE total > 0;
COMMENT ON INDEX shop.customer_total_key IS 'One row a customer.';
COMMENT ON MATERIALIZED VIEW shop.customer_total IS 'Refreshed at night.';
GRANT SELECT ON shop.customer_total TO shop_reader;
CREATE VIEW shop.best_customer AS SELECT customer_id FROM shop.customer_total ORDER BY total DESC LIMIT 3;
CREATE TRIGGER orders_amount BEFORE UPDATE OF amount ON shop.orders FOR EACH ROW WHEN (new.amount < 0)
EXECUTE FUNCTION shop.enter_order();
"""

FILES = {
    "views/shop/live/sales_live.sql": """-- shop.sales_live
-- What each customer bought.
-- requires: nothing

CREATE OR REPLACE VIEW shop.sales_live AS
SELECT
    ord.customer_id,
    sum(ord.amount) AS total,
    max(ord.amount) AS highest
FROM shop.orders AS ord
GROUP BY ord.customer_id;

COMMENT ON VIEW shop.sales_live IS 'What each customer bought.';
""",
    "views/shop/stored/sales.sql": """-- shop.sales
-- What each customer bought.
-- requires: shop.sales_live

SELECT refresh.store('shop.sales', live => 'shop.sales_live', key => '{customer_id}');
SELECT refresh.affects('shop.orders', 'shop.sales', 'SELECT customer_id FROM changed');
""",
    "views/shop/live/report.sql": """-- shop.report
-- Sales with the region of the customer.
-- requires: shop.sales

CREATE OR REPLACE VIEW shop.report AS
SELECT sal.customer_id, sal.total, sal.highest, cus.region
FROM shop.sales AS sal
INNER JOIN shop.customers AS cus ON sal.customer_id = cus.customer_id;

COMMENT ON VIEW shop.report IS 'Sales with the region of the customer.';

GRANT SELECT ON shop.report TO shop_reader;
""",
}


class Shop:
    """One database: ``owner`` applies files, ``tool`` is the login of the other migration tool."""

    def __init__(self, admin: str, owner: str, tool: str) -> None:
        self.admin, self.owner, self.tool = admin, owner, tool

    def run(self, dsn: str, statement: str) -> list[Any]:
        with psycopg.connect(dsn, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def migrate(self, *statements: str, tables: str = "'shop.orders'") -> list[str]:
        """As the tool: one transaction around the change. Returns what came back."""
        with psycopg.connect(self.tool) as connection:
            connection.execute(f"SELECT deploy.step_aside({tables})")
            for statement in statements:
                connection.execute(statement)
            row = connection.execute("SELECT deploy.come_back()").fetchone()
        assert row
        return list(row[0])

    def catalogue(self) -> dict[str, Any]:
        """What readers can see; what the engine keeps behind it may move."""
        with db.connect(self.owner) as connection:
            return {key: item for key, item in catalog.read(connection).items() if item.schema != "refresh_data"}


@pytest.fixture
def shop(server: Any, fresh_db: str, tmp_path: Any) -> Iterator[Shop]:
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        name = connection.info.dbname
        for role in ("shop_owner LOGIN", "shop_reader LOGIN", "shop_clerk"):
            connection.execute(
                f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"  # the server is shared
            )
        connection.execute(f"GRANT shop_owner TO {server.owner_dsn(name).split('user=')[1].split()[0]}")
        connection.execute(TABLES)
    made = Shop(fresh_db, server.owner_dsn(name), server.dsn(name, "shop_owner"))
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    with db.connect(made.owner) as connection:
        read = [files.read(tmp_path / path, tmp_path) for path in FILES]
        for file in read:
            with db.transaction(connection):
                replace.Replacer(connection, read).run(file)
        connection.execute(BY_HAND)
        connection.execute("SELECT refresh.run('shop.sales')")
    yield made


def test_everything_is_as_it_was(shop: Shop) -> None:
    before = shop.catalogue()
    back = shop.migrate("ALTER TABLE shop.orders ALTER COLUMN amount TYPE integer USING amount + 0")
    assert {
        "view shop.order_list",
        "function shop.amount_of(integer)",
        "materialized view shop.customer_total",
    } <= set(back)
    after = shop.catalogue()
    assert after.keys() == before.keys()
    assert {key: after[key] for key in before if after[key] != before[key]} == {}
    assert shop.run(shop.owner, "SELECT count(*) FROM shop.customer_total") == [(10,)]
    assert shop.run(shop.admin, "SELECT * FROM deploy.stepped_aside") == []


def test_a_new_type_reaches_every_view_and_the_stored_rows(shop: Shop) -> None:
    before = shop.catalogue()
    shop.migrate(
        "ALTER TABLE shop.orders ALTER COLUMN amount TYPE numeric(12, 2)",
        "UPDATE shop.orders SET amount = amount + 0.5 WHERE order_id = 1",
    )
    after = shop.catalogue()
    assert after.keys() == before.keys()
    changed = {fact for key in before for fact, value in before[key].facts.items() if after[key].facts[fact] != value}
    assert changed <= {"type", "definition", "storage"}
    assert after["COLUMN shop.report.highest"].facts["type"] == "numeric"
    shop.run(shop.owner, "CALL refresh.tick()")
    assert shop.run(shop.owner, "SELECT is_equal FROM refresh.verify('shop.sales')") == [(True,)]
    assert (
        str(shop.run(shop.owner, "SELECT total FROM shop.report WHERE customer_id = 2")) == "[(Decimal('460.50'),)]"
    )
    assert shop.run(shop.owner, "SELECT amount FROM shop.listed() WHERE order_id = 1") == shop.run(
        shop.owner, "SELECT amount FROM shop.orders WHERE order_id = 1"
    )


def test_changes_after_the_migration_are_captured(shop: Shop) -> None:
    shop.migrate("ALTER TABLE shop.orders ALTER COLUMN customer_id TYPE bigint")
    shop.run(shop.owner, "CALL refresh.tick()")
    shop.run(shop.tool, "UPDATE shop.orders SET amount = 1000 WHERE order_id = 7")
    assert shop.run(shop.owner, "SELECT mode FROM refresh.run('shop.sales')") == [("keys",)]
    assert shop.run(shop.owner, "SELECT is_equal FROM refresh.verify('shop.sales')") == [(True,)]


def test_a_table_made_anew_is_captured_again(shop: Shop) -> None:
    shop.migrate(
        "CREATE TABLE shop.orders_2 AS SELECT order_id, customer_id, amount::bigint AS amount, note FROM shop.orders",
        "DROP TABLE shop.orders",
        "ALTER TABLE shop.orders_2 RENAME TO orders",
        "CREATE FUNCTION shop.unused() RETURNS integer LANGUAGE sql RETURN 1",
    )
    shop.run(shop.owner, "CALL refresh.tick()")
    shop.run(shop.tool, "DELETE FROM shop.orders WHERE customer_id = 3")
    assert shop.run(shop.owner, "SELECT mode FROM refresh.run('shop.sales')") == [("keys",)]
    assert shop.run(shop.owner, "SELECT is_equal FROM refresh.verify('shop.sales')") == [(True,)]


def test_what_no_longer_fits_names_file_and_line(shop: Shop) -> None:
    before = shop.catalogue()
    shop.run(
        shop.owner,
        "DROP VIEW shop.priced_order, shop.small_order, shop.own_order; DROP FUNCTION shop.listed();"
        "DROP VIEW shop.order_list, shop.best_customer; DROP MATERIALIZED VIEW shop.customer_total;"
        "DROP FUNCTION shop.amount_of; DROP PROCEDURE shop.raise_amounts; DROP TRIGGER orders_amount ON shop.orders",
    )
    with pytest.raises(psycopg.errors.UndefinedColumn, match=r"views/shop/live/sales_live.sql, line \d+: .*amount"):
        shop.migrate("ALTER TABLE shop.orders DROP COLUMN amount")
    assert shop.catalogue()["VIEW shop.sales_live"] == before["VIEW shop.sales_live"]


def test_what_no_file_makes_and_no_longer_fits_is_named(shop: Shop) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn, match="cannot come back"):
        shop.migrate("ALTER TABLE shop.orders RENAME COLUMN amount TO cents")


def test_what_the_migration_replaces_or_drops_itself_is_left_to_it(shop: Shop) -> None:
    with psycopg.connect(shop.owner) as connection:
        connection.execute("SELECT deploy.step_aside('shop.orders')")
        connection.execute("ALTER TABLE shop.orders RENAME COLUMN note TO remark")
        connection.execute(
            "CREATE OR REPLACE VIEW shop.small_order AS SELECT order_id, amount, remark FROM shop.orders WHERE amount < 5"
        )
        connection.execute("DROP PROCEDURE shop.raise_amounts()")
        connection.execute("SELECT deploy.come_back()")
    assert shop.run(shop.owner, "SELECT count(*), min(remark) FROM shop.small_order") == [(4, "note")]
    assert shop.run(shop.owner, "SELECT to_regprocedure('shop.raise_amounts()')") == [(None,)]
    assert shop.run(shop.owner, "SELECT count(*) FROM shop.order_list") == [(100,)]


def test_a_run_that_is_under_way_ends_first(shop: Shop) -> None:
    """It holds the lock of its view and reads the table: waiting for both in another order would be a deadlock."""
    with psycopg.connect(shop.owner) as runner, psycopg.connect(shop.tool) as connection:
        runner.execute("SELECT refresh.run('shop.sales', TRUE)")
        connection.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute("SELECT deploy.step_aside('shop.orders')")
        connection.rollback()
        runner.commit()
    assert shop.migrate("ALTER TABLE shop.orders ALTER COLUMN amount TYPE bigint")
    with psycopg.connect(shop.tool) as connection:
        connection.execute("SELECT deploy.step_aside('shop.orders')")
        busy = shop.run(shop.owner, "SELECT mode FROM refresh.try_run('shop.sales', p_wait => FALSE)")
        assert busy == [("busy",)]
        connection.rollback()


def test_nothing_is_read_meanwhile(shop: Shop) -> None:
    """A view that has stepped aside is not taken for an empty one."""
    with psycopg.connect(shop.owner) as connection:
        connection.execute("SELECT deploy.step_aside('shop.orders')")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="has stepped aside"):
            connection.execute("SELECT count(*) FROM shop.order_list")
        connection.rollback()
        connection.execute("SELECT deploy.step_aside('shop.orders')")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="has stepped aside"):
            connection.execute("SELECT shop.amount_of(1)")


def test_a_forgotten_come_back_is_refused_at_commit(shop: Shop) -> None:
    before = shop.catalogue()
    with psycopg.connect(shop.tool) as connection:
        connection.execute("SELECT deploy.step_aside('shop.orders')")
        connection.execute("ALTER TABLE shop.orders ADD COLUMN paid boolean")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="come_back") as refused:
            connection.commit()
    assert "shop.order_list" in str(refused.value.diag.message_detail)
    assert shop.catalogue() == before


def test_django_may_check_constraints_in_between(shop: Shop) -> None:
    with psycopg.connect(shop.tool) as connection:
        connection.execute("SELECT deploy.step_aside('shop.orders')")
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            connection.commit()
    assert shop.migrate("SET CONSTRAINTS ALL IMMEDIATE", "ALTER TABLE shop.orders ADD COLUMN paid boolean")


def test_rollback_brings_everything_back(shop: Shop) -> None:
    before = shop.catalogue()
    with psycopg.connect(shop.tool) as connection:
        connection.execute("SELECT deploy.step_aside('shop.orders')")
        connection.execute("DROP TABLE IF EXISTS shop.none")
        connection.rollback()
        with connection.transaction(force_rollback=True):
            connection.execute("SELECT deploy.step_aside('shop.orders')")
    assert shop.catalogue() == before


def test_come_back_alone_does_nothing(shop: Shop) -> None:
    assert shop.run(shop.tool, "SELECT deploy.come_back()") == [([],)]


@pytest.mark.parametrize("at_once", [True, False])
def test_two_tables(shop: Shop, at_once: bool) -> None:
    before = shop.catalogue()
    change = "ALTER TABLE shop.customers ALTER COLUMN region TYPE varchar(40)"
    if at_once:
        shop.migrate(change, tables="'shop.orders', 'shop.customers'")
    else:
        shop.migrate("SELECT deploy.step_aside('shop.customers')", change)
    after = shop.catalogue()
    assert after.keys() == before.keys()
    assert after["COLUMN shop.report.region"].facts["type"] == "character varying(40)"
    assert after["VIEW shop.report"].facts["rights"] == before["VIEW shop.report"].facts["rights"]


def test_partitions_step_aside_with_their_table(shop: Shop) -> None:
    shop.run(
        shop.tool,
        "CREATE TABLE shop.visit (visit_id integer, seen_on date) PARTITION BY RANGE (seen_on);"
        "CREATE TABLE shop.visit_2026 PARTITION OF shop.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    )
    shop.run(shop.owner, "CREATE VIEW shop.visit_of_2026 AS SELECT visit_id FROM shop.visit_2026")
    shop.migrate("ALTER TABLE shop.visit ALTER COLUMN visit_id TYPE bigint", tables="'shop.visit'")
    assert shop.catalogue()["COLUMN shop.visit_of_2026.visit_id"].facts["type"] == "bigint"


def test_only_the_owner_of_a_table_may_ask(shop: Shop, server: Any) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        shop.run(shop.tool.replace("shop_owner", "shop_reader"), "SELECT deploy.step_aside('shop.orders')")
    shop.run(
        shop.admin,
        "GRANT USAGE ON SCHEMA deploy TO shop_reader; GRANT EXECUTE ON FUNCTION deploy.step_aside TO shop_reader",
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="belongs to shop_owner"):
        shop.run(shop.tool.replace("shop_owner", "shop_reader"), "SELECT deploy.step_aside('shop.orders')")
    with pytest.raises(psycopg.errors.UndefinedTable):
        shop.run(shop.tool, "SELECT deploy.step_aside('shop.nothing')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        shop.run(shop.tool, "SELECT * FROM deploy.file_statement")


def test_a_view_kept_in_the_writers_transaction_is_right_at_commit(shop: Shop) -> None:
    shop.run(
        shop.owner,
        "SELECT refresh.store('shop.sales', live => 'shop.sales_live', key => '{customer_id}', target_lag => '0');"
        "SELECT refresh.affects('shop.orders', 'shop.sales', 'SELECT customer_id FROM changed')",
    )
    shop.run(
        shop.owner,
        "UPDATE deploy.file_statement SET statement = replace(statement, '}'');', '}'', target_lag => ''0'');')",
    )
    shop.migrate("ALTER TABLE shop.orders ALTER COLUMN amount TYPE bigint USING amount * 2")
    assert shop.run(shop.owner, "SELECT is_equal FROM refresh.verify('shop.sales')") == [(True,)]


@contextmanager
def readers(shop: Shop, *statements: str) -> Iterator[Callable[[], int]]:
    """Sessions that read without a pause until the block ends; any error of theirs fails it. Gives the number of reads."""
    stop = threading.Event()
    errors: list[Exception] = []
    reads = [0] * len(statements)

    def read(number: int) -> None:
        try:
            with psycopg.connect(shop.owner, autocommit=True) as connection:
                while not stop.is_set():
                    connection.execute(statements[number], prepare=bool(reads[number] % 2)).fetchall()
                    reads[number] += 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(len(statements))]
    for thread in threads:
        thread.start()
    while not all(reads) and not errors:
        time.sleep(0.01)
    try:
        yield lambda: sum(reads)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []


def test_readers_never_miss_a_view(shop: Shop) -> None:
    with readers(
        shop,
        "SELECT count(*), sum(total)::numeric FROM shop.report",
        "SELECT count(*) FROM shop.priced_order",
        "SELECT count(*) FROM shop.best_customer",
        "SELECT sum(lis.amount)::numeric FROM shop.orders AS ord JOIN shop.order_list AS lis USING (order_id)",
        "SELECT count(*) FROM shop.sales JOIN shop.sales_as_of USING (customer_id) JOIN shop.orders USING (customer_id)",
    ) as count:
        for kind in ("bigint", "numeric(12, 2)", "integer", "bigint"):
            before = count()
            shop.migrate("SET LOCAL lock_timeout = '20s'", f"ALTER TABLE shop.orders ALTER COLUMN amount TYPE {kind}")
            while count() == before:
                time.sleep(0.01)


def test_who_is_in_the_way_is_named(shop: Shop) -> None:
    with psycopg.connect(shop.owner) as reader:
        reader.execute("SELECT count(*) FROM shop.order_list")
        with psycopg.connect(shop.tool) as connection:
            connection.execute("SET lock_timeout = '300ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable) as refused:
                connection.execute("SELECT deploy.step_aside('shop.orders')")
            assert str(reader.info.backend_pid) in str(refused.value.diag.message_detail)


def test_a_reader_that_goes_the_other_way_round_is_let_through(shop: Shop) -> None:
    """It holds the table and asks for the view: whoever waits for both would fail one of the two."""
    done: list[Any] = []

    def migrate() -> None:
        with psycopg.connect(shop.tool) as connection:
            connection.execute("SET lock_timeout = '30s'")
            connection.execute("SELECT deploy.step_aside('shop.orders')")
            done.append(connection.execute("SELECT deploy.come_back()").fetchone())

    with psycopg.connect(shop.owner) as reader:
        reader.execute("SELECT count(*) FROM shop.orders")
        thread = threading.Thread(target=migrate)
        thread.start()
        for _ in range(20):
            assert reader.execute("SELECT count(*) FROM shop.order_list").fetchone() == (100,)
            time.sleep(0.1)
        assert done == []
        reader.commit()
        thread.join()
    assert done


def test_what_came_back_is_no_drift(server: Any, fresh_db: str, tmp_path: Path) -> None:
    """A project whose tables are another tool's: apply, their migration, doctor --drift, apply."""
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        name = connection.info.dbname
        for role in ("shop_owner LOGIN", "shop_reader LOGIN", "shop_clerk"):
            connection.execute(f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        connection.execute("GRANT shop_owner TO tidemark")
        connection.execute(TABLES)
    uses = list(project.families(project.library()))  # all that the database has
    (tmp_path / "tidemark.toml").write_text(f'name = "shop"\nuses = {json.dumps(uses)}\nschemas = ["shop"]\n')
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(
            text.replace("requires: shop.sales_live", "requires: shop.sales_live, refresh.store()")
        )
    shop = Shop(fresh_db, server.owner_dsn(name), server.dsn(name, "shop_owner"))
    settings = config.Settings(dsn=shop.owner, dsn_source="the tests")
    files_of_shop = project.read(tmp_path)
    with db.connect(shop.owner) as connection:
        assert not finish(deployment.apply(connection, settings, files_of_shop)).is_empty
        shop.migrate(
            "ALTER TABLE shop.orders ALTER COLUMN amount TYPE numeric(12, 2), ALTER COLUMN customer_id TYPE bigint"
        )
        assert finish(doctor.drifted(connection, settings)) == []
        assert finish(deployment.apply(connection, settings, files_of_shop)).is_empty
        assert shop.run(shop.owner, "SELECT * FROM deploy.made_again") == []
        shop.run(shop.owner, "CALL refresh.tick()")
        assert finish(doctor.drifted(connection, settings)) == []
        shop.run(shop.owner, "COMMENT ON VIEW shop.report IS 'By hand.'")
        assert [one.identity for one in finish(doctor.drifted(connection, settings))] == ["shop.report"]


def test_a_database_of_a_release_without_texts_gets_them_at_the_next_apply(server: Any, fresh_db: str) -> None:
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        owner = server.owner_dsn(connection.info.dbname)
        texts = "SELECT path, line, statement FROM deploy.file_statement ORDER BY path, statement_no"
        before = connection.execute(texts).fetchall()
        connection.execute("DROP TABLE deploy.file_statement")
        with db.connect(owner) as runner:
            settings = config.Settings(dsn=owner, dsn_source="the tests")
            assert finish(deployment.apply(runner, settings, project.shipped())).is_empty
        assert connection.execute(texts).fetchall() == before


@pytest.mark.parametrize("table", ["model_risk.models", "commerce.orders"])
def test_a_family_comes_back_as_it_was(server: Any, fresh_db: str, table: str) -> None:
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        owner = server.owner_dsn(connection.info.dbname)
    with db.connect(owner) as connection:
        before = catalog.read(connection)
        with db.transaction(connection):
            aside = connection.execute("SELECT deploy.step_aside(%s)", [table]).fetchone()
            connection.execute("SELECT deploy.come_back()")
        assert aside
        assert len(aside[0]) > 5
        after = catalog.read(connection)
        assert after.keys() == before.keys()
        assert {key for key in before if before[key] != after[key]} == set()
