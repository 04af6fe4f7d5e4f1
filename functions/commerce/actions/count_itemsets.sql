-- commerce.count_itemsets()
-- Counts which items, pairs and triples are often together in the baskets of a run.
-- requires: commerce.resolved_line
-- source:   docs/commerce.md, "Association rules"
-- A basket is a sorted array of the frequent items in it; equal baskets are counted once, and pairs and triples are read
-- off each array: lines are never joined with lines. Right after a large load the statistics are those of before, and the
-- planner would take the run for a few rows and loop over it; hence uploads as an array, which an index answers without a
-- join, and no nested loops where there is a choice.

CREATE OR REPLACE FUNCTION commerce.count_itemsets(p_shop_id text, p_run_id text, p_max_size integer)
RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
SET client_min_messages = 'warning'
SET enable_nestloop = 'off'
AS $$
DECLARE
    c_most_triples CONSTANT numeric := 50000000;
    v_upload_ids uuid[];
    v_transactions bigint;
    v_triples numeric;
BEGIN
    DROP TABLE IF EXISTS bought, itemsets, baskets;

    SELECT array_agg(upl.id) INTO v_upload_ids
    FROM commerce.csv_uploads AS upl
    WHERE upl.shop_id = p_shop_id AND upl.run_id = p_run_id;

    -- orders with one item say nothing about pairs
    CREATE TEMPORARY TABLE bought ON COMMIT DROP AS
    WITH item AS MATERIALIZED (
        SELECT DISTINCT
            line.order_id,
            line.variant_id
        FROM commerce.resolved_line AS line
        WHERE line.shop_id = p_shop_id AND line.run_id = p_run_id AND line.csv_upload_id = ANY (v_upload_ids)
            AND line.quantity > 0
    )
    SELECT
        item.order_id,
        item.variant_id
    FROM item
    INNER JOIN (
        SELECT each.order_id
        FROM item AS each
        GROUP BY each.order_id
        HAVING count(*) >= 2
    ) AS multi ON item.order_id = multi.order_id;
    SELECT count(DISTINCT bought.order_id) INTO v_transactions FROM pg_temp.bought;

    CREATE TEMPORARY TABLE itemsets ON COMMIT DROP AS
    SELECT
        ARRAY[bought.variant_id] AS items,
        count(*) AS n_both
    FROM pg_temp.bought
    GROUP BY bought.variant_id
    HAVING count(*) * 50 >= v_transactions;
    ANALYZE pg_temp.itemsets;

    CREATE TEMPORARY TABLE baskets ON COMMIT DROP AS
    SELECT
        basket.items,
        count(*) AS orders
    FROM (
        SELECT array_agg(bought.variant_id ORDER BY bought.variant_id) AS items
        FROM pg_temp.bought
        INNER JOIN pg_temp.itemsets AS frequent ON bought.variant_id = frequent.items[1]
        GROUP BY bought.order_id
        HAVING count(*) >= 2
    ) AS basket
    GROUP BY basket.items;

    SELECT sum((1.0 * basket.size) * (basket.size - 1) * (basket.size - 2) / 6)
    INTO v_triples
    FROM (SELECT cardinality(each.items) AS size FROM pg_temp.baskets AS each) AS basket;
    IF p_max_size >= 3 AND v_triples > c_most_triples THEN
        RAISE EXCEPTION USING
            ERRCODE = 'program_limit_exceeded',
            MESSAGE = format('run %s has too many sets of three items to count', p_run_id),
            DETAIL = format('Its different baskets hold %s of them; the limit is %s.', round(v_triples), c_most_triples),
            HINT = 'Ask for pairs only: p_max_size => 2.';
    END IF;

    INSERT INTO pg_temp.itemsets (items, n_both)
    SELECT
        ARRAY[one.item, two.item],
        sum(basket.orders)
    FROM pg_temp.baskets AS basket
    CROSS JOIN LATERAL unnest(basket.items) WITH ORDINALITY AS one (item, place)
    CROSS JOIN LATERAL unnest(basket.items[one.place + 1:]) AS two (item)
    GROUP BY one.item, two.item
    HAVING sum(basket.orders) * 50 >= v_transactions;

    IF p_max_size >= 3 THEN
        INSERT INTO pg_temp.itemsets (items, n_both)
        SELECT
            ARRAY[one.item, two.item, three.item],
            sum(basket.orders)
        FROM pg_temp.baskets AS basket
        CROSS JOIN LATERAL unnest(basket.items) WITH ORDINALITY AS one (item, place)
        CROSS JOIN LATERAL unnest(basket.items[one.place + 1:]) WITH ORDINALITY AS two (item, place)
        CROSS JOIN LATERAL unnest(basket.items[one.place + two.place + 1:]) AS three (item)
        GROUP BY one.item, two.item, three.item
        HAVING sum(basket.orders) * 50 >= v_transactions;
    END IF;
    ANALYZE pg_temp.itemsets;
    RETURN v_transactions;
END;
$$;

COMMENT ON FUNCTION commerce.count_itemsets IS
'Leaves the itemsets that at least 2 % of the orders hold in pg_temp.itemsets (items sorted bytewise, n_both) and returns the number of orders with at least two different items. Raises 54000 when triples would be too many.';

REVOKE ALL ON FUNCTION commerce.count_itemsets FROM PUBLIC;
