-- commerce.daily_sales_by_day
-- Orders, units and revenue of each day, kept.
-- grain:    one row per shop, run and UTC day with orders
-- requires: refresh.store(), refresh.affects(), commerce.daily_sales
-- source:   docs/commerce.md, "Sales figures"

SELECT refresh.store(
    'commerce.daily_sales_by_day',
    live => 'commerce.daily_sales',
    key => '{shop_id,run_id,day}',
    target_lag => '5 minutes'
);

SELECT refresh.affects('commerce.orders', 'commerce.daily_sales_by_day', $$
    SELECT upl.shop_id, upl.run_id, (changed.created_at AT TIME ZONE 'UTC')::date AS day
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id;
    IN BULK SELECT upl.shop_id, upl.run_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
$$);
-- A line belongs to the day of its order, whichever upload wrote the line; a load writes both.
SELECT refresh.affects('commerce.order_lines', 'commerce.daily_sales_by_day', $$
    SELECT ord.shop_id, upl.run_id, (changed.ordered_at AT TIME ZONE 'UTC')::date AS day
    FROM changed
    INNER JOIN orders AS ord ON changed.shop_id = ord.shop_id AND changed.order_id = ord.order_id
    INNER JOIN csv_uploads AS upl ON ord.csv_upload_id = upl.id;
    IN BULK SELECT changed.shop_id FROM changed
$$);
-- Only an upload with orders stands behind a day: the many changes of its own row while other files are loaded concern nothing here.
SELECT refresh.affects('commerce.csv_uploads', 'commerce.daily_sales_by_day', $$
    SELECT changed.shop_id, changed.run_id
    FROM changed
    WHERE EXISTS (SELECT FROM orders AS ord WHERE ord.csv_upload_id = changed.id)
$$);

COMMENT ON VIEW commerce.daily_sales_by_day IS
'Sales of each day, recomputed within five minutes of a load. Same columns and rows as commerce.daily_sales.';

GRANT SELECT ON commerce.daily_sales_by_day TO tidemark_app, tidemark_operator;
