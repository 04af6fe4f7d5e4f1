"""A mapping of several queries: finer keys for single changes, coarser ones for statements that touch many rows."""

import pytest

VIEW = "toy.sales_by_day"
MANY = 150


@pytest.fixture(name="shop")
def _shop(toy):
    """Sales by shop and day; lines know their order, orders their day. A line maps to its day, many lines to their shop."""
    toy.run("""
        CREATE TABLE toy.sale (shop integer, sale_id integer, day date NOT NULL, PRIMARY KEY (shop, sale_id));
        CREATE TABLE toy.line (shop integer, sale_id integer, line integer, amount integer NOT NULL, PRIMARY KEY (shop, sale_id, line));
        INSERT INTO toy.sale SELECT shop, n, date '2025-01-01' + n % 20 FROM generate_series(1, 3) AS shop, generate_series(1, 400) AS n;
        INSERT INTO toy.line SELECT shop, sale_id, 1, sale_id FROM toy.sale;
        CREATE VIEW toy.sales_live AS
            SELECT shop, day, sum(amount) AS amount, max(max(day)) OVER (PARTITION BY shop) AS last_day
            FROM toy.sale JOIN toy.line USING (shop, sale_id) GROUP BY shop, day""")
    toy.declare("""
        SELECT refresh.store('toy.sales_by_day', 'toy.sales_live', '{shop,day}');
        SELECT refresh.affects('toy.sale', 'toy.sales_by_day', $$
            SELECT shop, day FROM changed;
            SELECT shop FROM changed WHERE NOT EXISTS (
                SELECT FROM sale AS later WHERE later.shop = changed.shop AND later.day > changed.day);
            IN BULK SELECT shop FROM changed $$);
        SELECT refresh.affects('toy.line', 'toy.sales_by_day', $$
            SELECT shop, sale.day FROM changed JOIN sale USING (shop, sale_id);
            IN BULK SELECT shop FROM changed $$)""")
    toy.check(VIEW)
    return toy


def waiting(shop):
    return shop.freshness(VIEW).pending_count


def test_a_single_change_concerns_its_own_key(shop):
    shop.run("UPDATE toy.line SET amount = amount + 1 WHERE shop = 1 AND sale_id = 5")
    assert waiting(shop) == 1
    done = shop.check(VIEW)
    assert (done.mode, done.key_count, done.updated_count) == ("keys", 1, 1)


def test_a_statement_that_touches_many_rows_queues_few_and_concerns_coarser_keys(shop):
    shop.run(f"UPDATE toy.line SET amount = amount + 1 WHERE shop < 3 AND sale_id <= {MANY}")
    assert waiting(shop) == 2, "one row for each shop"
    done = shop.check(VIEW)
    assert (done.mode, done.key_count, done.updated_count) == ("keys", 2, 40)


@pytest.mark.parametrize("many", [1, MANY])
def test_a_second_query_names_keys_of_its_own(shop, many):
    """The newest day is part of every row of a shop; it comes, and goes again."""
    shop.run(f"INSERT INTO toy.sale SELECT 1, 1000 + n, '2025-02-01' FROM generate_series(1, {many}) AS n")
    shop.run("INSERT INTO toy.line SELECT shop, sale_id, 1, 1 FROM toy.sale WHERE sale_id > 1000")
    assert shop.check(VIEW).updated_count == 20
    shop.run("DELETE FROM toy.line WHERE sale_id > 1000; DELETE FROM toy.sale WHERE sale_id > 1000")
    done = shop.check(VIEW)
    assert (done.updated_count, done.deleted_count) == (20, 1)


def test_a_bulk_change_of_one_source_and_a_single_one_of_another_in_one_batch_miss_no_key(shop):
    """The trap: a line changes alone, and its sale moves to another day among many others, in either order."""
    for order in (0, 1):
        single = f"UPDATE toy.line SET amount = amount + 7 WHERE shop = 2 AND sale_id = {20 + order}"
        bulk = f"UPDATE toy.sale SET day = day + 40 WHERE sale_id <= {MANY}"
        for statement in (single, bulk) if order else (bulk, single):
            shop.run(statement)
        shop.check(VIEW)
    shop.run(f"DELETE FROM toy.line WHERE sale_id = 30; DELETE FROM toy.sale WHERE sale_id <= {MANY}")
    shop.check(VIEW)


def test_a_view_without_a_query_for_bulk_keeps_the_columns_it_needs(shop):
    shop.run(
        "CREATE VIEW toy.sold_live AS SELECT shop, sale_id, sum(amount) AS amount FROM toy.line GROUP BY shop, sale_id"
    )
    shop.declare("""
        SELECT refresh.store('toy.sold_by_sale', 'toy.sold_live', '{shop,sale_id}');
        SELECT refresh.affects('toy.line', 'toy.sold_by_sale', 'SELECT shop, sale_id FROM changed')""")
    shop.check("toy.sold_by_sale")
    shop.check(VIEW)
    shop.run(f"UPDATE toy.line SET amount = amount + 1 WHERE shop = 1 AND sale_id <= {MANY}")
    assert shop.check("toy.sold_by_sale").key_count == MANY
    assert shop.check(VIEW).key_count == 1


def test_inside_the_transaction_of_the_writer_no_statement_is_bulk(shop):
    shop.declare("SELECT refresh.store('toy.sales_by_day', 'toy.sales_live', '{shop,day}', target_lag => '0')")
    shop.run(f"UPDATE toy.line SET amount = amount + 1 WHERE shop = 1 AND sale_id <= {MANY}")
    assert shop.verify(VIEW).is_equal
    shop.run("UPDATE toy.sale SET day = '2025-03-01' WHERE shop = 1 AND sale_id = 5")
    assert shop.verify(VIEW).is_equal
    shop.run("UPDATE toy.sale SET day = '2025-01-02' WHERE shop = 1 AND sale_id = 5")
    assert shop.verify(VIEW).is_equal


@pytest.mark.parametrize(
    ("mapping", "sqlstate"),
    [
        ("IN BULK SELECT shop FROM changed", "42601"),
        ("SELECT shop, day FROM changed;\nIN BULK SELECT nothing FROM changed", "42703"),
        ("SELECT shop, day FROM changed;\nDROP TABLE toy.line", "42601"),
    ],
)
def test_a_wrong_query_among_several_is_refused(shop, mapping, sqlstate):
    with shop.raises(sqlstate), shop.main.transaction():
        shop.run("SELECT refresh.affects('toy.sale', 'toy.sales_by_day', %s)", mapping)
    shop.check(VIEW)


def test_a_mapping_that_loses_its_query_for_bulk_keeps_every_row_again(shop):
    shop.declare("""
        SELECT refresh.store('toy.sales_by_day', 'toy.sales_live', '{shop,day}');
        SELECT refresh.affects('toy.line', 'toy.sales_by_day', 'SELECT shop, sale.day FROM changed JOIN sale USING (shop, sale_id)')""")
    shop.check(VIEW)
    shop.run(f"UPDATE toy.line SET amount = amount + 1 WHERE shop = 1 AND sale_id <= {MANY}")
    assert waiting(shop) == MANY
    shop.check(VIEW)
