"""Mappings nobody can get wrong: what changes on two sides of a join at once, and names that prove nothing."""

import pytest

SALES = "toy.sales_by_region_month"


@pytest.fixture
def shop(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.country (code text PRIMARY KEY, region text NOT NULL);
        CREATE TABLE toy.customer (customer_id integer PRIMARY KEY, code text NOT NULL);
        CREATE TABLE toy.orders (order_id integer PRIMARY KEY, customer_id integer NOT NULL, month integer NOT NULL, amount numeric NOT NULL);
        INSERT INTO toy.country VALUES ('x', 'X'), ('y', 'Y');
        INSERT INTO toy.customer VALUES (1, 'x'), (2, 'y');
        INSERT INTO toy.orders VALUES (10, 1, 1, 100), (11, 2, 1, 50);
        CREATE VIEW toy.sales_live AS
            SELECT country.region, orders.month, sum(orders.amount) AS total
            FROM toy.orders JOIN toy.customer USING (customer_id) JOIN toy.country USING (code) GROUP BY country.region, orders.month""")
    engine.declare(f"""
        SELECT refresh.store('{SALES}', 'toy.sales_live', '{{region,month}}');
        SELECT refresh.affects('toy.orders', '{SALES}',
            $$ SELECT country.region, changed.month FROM changed JOIN customer USING (customer_id) JOIN country USING (code) $$);
        SELECT refresh.affects('toy.customer', '{SALES}',
            $$ SELECT country.region, orders.month FROM changed JOIN orders USING (customer_id) JOIN country USING (code) $$);
        SELECT refresh.affects('toy.country', '{SALES}',
            $$ SELECT changed.region, orders.month FROM changed JOIN customer USING (code) JOIN orders USING (customer_id) $$)""")
    engine.check(SALES)
    return engine


@pytest.mark.parametrize(
    "batch",
    [
        "UPDATE toy.orders SET month = 2 WHERE order_id = 10; UPDATE toy.customer SET code = 'y' WHERE customer_id = 1",
        "UPDATE toy.customer SET code = 'y' WHERE customer_id = 1; UPDATE toy.orders SET month = 2 WHERE order_id = 10",
        "DELETE FROM toy.orders WHERE order_id = 10; UPDATE toy.customer SET code = 'y' WHERE customer_id = 1",
        "DELETE FROM toy.orders WHERE order_id = 10; DELETE FROM toy.customer WHERE customer_id = 1; DELETE FROM toy.country WHERE code = 'x'",
        "UPDATE toy.orders SET month = 2; UPDATE toy.customer SET code = 'y'; UPDATE toy.country SET region = 'Z'",
        "UPDATE toy.orders SET month = 2; UPDATE toy.orders SET month = 3; UPDATE toy.country SET region = 'Z'; UPDATE toy.country SET region = 'W'",
        "UPDATE toy.customer SET customer_id = 5 WHERE customer_id = 1; UPDATE toy.orders SET customer_id = 5, month = 4 WHERE customer_id = 1",
    ],
)
@pytest.mark.parametrize("in_one", [True, False], ids=["one transaction", "several"])
def test_what_changes_on_all_sides_of_a_join_leaves_no_row_behind(shop, batch, in_one):
    if in_one:
        with shop.main.transaction():
            shop.run(batch)
    else:
        for statement in batch.split("; "):
            shop.run(statement)
    shop.check(SALES)
    assert shop.refresh(SALES).mode == "none"


def test_a_change_between_two_commits_of_one_batch(shop):
    late = shop.session()
    late.execute("BEGIN; UPDATE toy.customer SET code = 'y' WHERE customer_id = 1")
    shop.run("UPDATE toy.orders SET month = 2 WHERE order_id = 10")
    shop.check(SALES)
    late.execute("COMMIT")
    assert shop.freshness(SALES).freshness_status != "fresh"
    shop.check(SALES)


def test_changes_of_the_transaction_that_runs_are_taken_once_and_later_ones_too(shop):
    with shop.main.transaction():
        shop.run("UPDATE toy.orders SET month = 2 WHERE order_id = 10")
        assert shop.check(SALES).mode == "keys"
        assert shop.refresh(SALES).mode == "none"
        shop.run("UPDATE toy.orders SET month = 3 WHERE order_id = 10")
        assert shop.check(SALES).mode == "keys"
        shop.run("UPDATE toy.orders SET month = 4 WHERE order_id = 10")
    assert shop.check(SALES).mode == "keys"


def test_a_self_join_may_read_its_own_source(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.part (part_id integer PRIMARY KEY, parent_id integer, weight integer);
        INSERT INTO toy.part VALUES (1, NULL, 1), (2, 1, 2), (3, 1, 3), (4, 2, 4);
        CREATE VIEW toy.load_live AS
            SELECT up.part_id, sum(down.weight) AS load FROM toy.part AS up JOIN toy.part AS down ON down.parent_id = up.part_id GROUP BY up.part_id""")
    engine.declare("""
        SELECT refresh.store('toy.load_by_part', 'toy.load_live', '{part_id}');
        SELECT refresh.affects('toy.part', 'toy.load_by_part',
            $$ SELECT changed.part_id FROM changed UNION SELECT part.part_id FROM part JOIN changed ON changed.parent_id = part.part_id $$)""")
    engine.check("toy.load_by_part")
    engine.run(
        "UPDATE toy.part SET parent_id = 2 WHERE part_id = 3; UPDATE toy.part SET part_id = 7 WHERE part_id = 1"
    )
    engine.check("toy.load_by_part")


def test_a_view_declared_over_a_source_that_somebody_is_writing_sees_what_they_write(shop):
    shop.run("CREATE VIEW toy.month_live AS SELECT month, count(*) AS orders FROM toy.orders GROUP BY month")
    writer = shop.session()
    writer.execute("BEGIN; UPDATE toy.orders SET month = 9 WHERE order_id = 11")
    shop.declare("SELECT refresh.store('toy.count_by_month', 'toy.month_live', '{month}')")
    shop.refresh("toy.count_by_month")
    writer.execute("COMMIT")
    assert shop.freshness("toy.count_by_month").freshness_status != "fresh"
    shop.check("toy.count_by_month")
    shop.check(SALES)


def test_a_column_named_like_the_key_is_not_taken_for_it(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.customers (id integer PRIMARY KEY, name text);
        CREATE TABLE toy.orders (id integer PRIMARY KEY, customer_id integer, amount numeric);
        INSERT INTO toy.customers VALUES (1, 'A'), (2, 'B'); INSERT INTO toy.orders VALUES (10, 1, 100), (11, 2, 50);
        CREATE VIEW toy.live AS
            SELECT cus.id, sum(ord.amount) AS total FROM toy.customers AS cus LEFT JOIN toy.orders AS ord ON ord.customer_id = cus.id GROUP BY cus.id""")
    with engine.main.transaction():
        engine.run("SELECT refresh.store('toy.total_by_customer', 'toy.live', '{id}')")
    engine.check("toy.total_by_customer")
    engine.run("UPDATE toy.orders SET amount = 999 WHERE id = 10")
    engine.check("toy.total_by_customer")
    assert any(
        "named like the key" in line for (line,) in engine.rows("SELECT refresh.explain('toy.total_by_customer')")
    )


def test_capture_that_is_disabled_dropped_or_of_another_table_is_admitted_and_mended(shop):
    swap = """
        BEGIN; ALTER TABLE toy.orders RENAME TO orders_old; CREATE TABLE toy.orders (LIKE toy.orders_old INCLUDING ALL);
        CREATE OR REPLACE VIEW toy.sales_live AS
            SELECT country.region, orders.month, sum(orders.amount) AS total
            FROM toy.orders JOIN toy.customer USING (customer_id) JOIN toy.country USING (code) GROUP BY country.region, orders.month; COMMIT"""
    for damage in (
        "ALTER TABLE toy.orders DISABLE TRIGGER ALL",
        "DROP TRIGGER refresh_capture_update ON toy.orders",
        swap,
    ):
        shop.run(damage)
        shop.run("INSERT INTO toy.orders VALUES (99, 1, 7, 1); UPDATE toy.orders SET month = 8 WHERE order_id = 99")
        assert shop.freshness(SALES).freshness_status == "stale", damage
        shop.run("CALL refresh.tick()")
        assert shop.verify(SALES).is_equal, damage
        shop.run("DELETE FROM toy.orders WHERE order_id = 99")
        assert shop.check(SALES).mode != "none", damage


def test_writers_get_no_error_while_views_over_their_table_come_and_go(shop):
    shop.run("CREATE VIEW toy.month_live AS SELECT month, count(*) AS orders FROM toy.orders GROUP BY month")
    stop, errors, writes = [], [], [0]

    def write(number):
        session = shop.session()
        while not stop:
            try:
                session.execute("UPDATE toy.orders SET amount = amount + 1 WHERE order_id = %s", [10 + number])
                writes[0] += 1
            except Exception as error:
                errors.append(str(error))

    tasks = [shop.background(lambda number=number: write(number)) for number in range(2)]
    for _ in range(12):
        shop.declare("SELECT refresh.store('toy.count_by_month', 'toy.month_live', '{month}')")
        shop.refresh("toy.count_by_month")
        shop.run("SELECT refresh.drop_view('toy.count_by_month')")
    stop.append(True)
    for task in tasks:
        task.result()
    assert errors == []
    assert writes[0] > 20
    shop.check(SALES)


def test_queues_are_emptied_under_an_old_snapshot_and_nothing_is_lost(shop):
    holder = shop.session()
    holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM toy.customer")
    for month in range(30):
        shop.run(
            "INSERT INTO toy.orders SELECT g, 1, %s, 1 FROM generate_series(%s::integer, %s::integer) AS g",
            month,
            1000 + month * 200,
            1199 + month * 200,
        )
        shop.check(SALES)
        shop.run("SELECT refresh_internal.empty_queues()")
    sizes = shop.rows("SELECT pg_relation_size(oid) AS bytes FROM pg_class WHERE relname ~ '^changes_\\d+_[ab]$'")
    assert sum(row.bytes for row in sizes) < 1_000_000
    holder.execute("COMMIT")


def test_rows_that_were_due_for_ever_and_never_stop_nobody(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.t (k integer PRIMARY KEY, at date, oldest_at text);
        INSERT INTO toy.t VALUES (1, '-infinity'), (2, 'infinity'), (3, '2025-07-01');
        CREATE VIEW toy.live AS SELECT k, at, oldest_at, CASE WHEN at > refresh.as_of_date() OR NOT isfinite(at) THEN at END AS due FROM toy.t""")
    engine.as_of("2025-06-30")
    engine.declare("SELECT refresh.store('toy.s', 'toy.live', '{k}', due => 'due')")
    engine.check("toy.s")
    assert engine.freshness("toy.s").freshness_status == "fresh"
    engine.as_of("2025-07-02")
    assert engine.check("toy.s").key_count == 1
    engine.run("CALL refresh.tick()")
    assert engine.freshness("toy.s").freshness_status == "fresh"


@pytest.mark.parametrize(
    "value",
    [
        "now()", "clock_timestamp()", "CURRENT_DATE", "random()", "current_user::text", "nextval('toy.numbers')",
        "(SELECT count(*) FROM pg_class)", "toy.today()",
    ],
)  # fmt: skip
def test_what_no_capture_could_tell_is_refused(engine, value):
    engine.run("""
        CREATE SCHEMA toy; CREATE SEQUENCE toy.numbers; CREATE TABLE toy.t (k integer PRIMARY KEY);
        CREATE FUNCTION toy.today() RETURNS timestamptz LANGUAGE sql STABLE RETURN now() - interval '1 day'""")
    engine.run(f"CREATE VIEW toy.live AS SELECT k, {value} AS v FROM toy.t")
    with engine.raises("42P16"):
        engine.declare("SELECT refresh.store('toy.s', 'toy.live', '{k}')")
