-- commerce.daily_sales
-- Orders, units and revenue of each day.
-- grain:    one row per shop, run and UTC day with orders
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE VIEW commerce.daily_sales AS
SELECT
    placed.shop_id,
    placed.run_id,
    placed.day,
    placed.orders,
    coalesce(sold.units, 0) AS units,
    coalesce(sold.line_revenue, 0.00) AS line_revenue,
    placed.order_total
FROM (
    SELECT
        upl.shop_id,
        upl.run_id,
        (ord.created_at AT TIME ZONE 'UTC')::date AS day,
        count(*) AS orders,
        sum(ord.total) AS order_total
    FROM commerce.csv_uploads AS upl
    INNER JOIN commerce.orders AS ord ON upl.id = ord.csv_upload_id AND upl.shop_id = ord.shop_id
    GROUP BY upl.shop_id, upl.run_id, (ord.created_at AT TIME ZONE 'UTC')::date
) AS placed
LEFT JOIN (
    SELECT
        upl.shop_id,
        upl.run_id,
        item.day,
        sum(item.units)::bigint AS units,
        sum(item.line_revenue) AS line_revenue
    FROM (
        -- the lines of one day are found by their own time, not order by order
        SELECT
            ord.shop_id,
            ord.csv_upload_id,
            (line.ordered_at AT TIME ZONE 'UTC')::date AS day,
            sum(line.quantity) AS units,
            sum(line.line_total) AS line_revenue
        FROM commerce.orders AS ord
        INNER JOIN commerce.order_lines AS line
            ON ord.shop_id = line.shop_id AND ord.order_id = line.order_id
                AND (ord.created_at AT TIME ZONE 'UTC')::date = (line.ordered_at AT TIME ZONE 'UTC')::date
        GROUP BY ord.shop_id, ord.csv_upload_id, (line.ordered_at AT TIME ZONE 'UTC')::date
    ) AS item
    INNER JOIN commerce.csv_uploads AS upl ON item.csv_upload_id = upl.id AND item.shop_id = upl.shop_id
    GROUP BY upl.shop_id, upl.run_id, item.day
) AS sold ON placed.shop_id = sold.shop_id AND placed.run_id = sold.run_id AND placed.day = sold.day;

COMMENT ON VIEW commerce.daily_sales IS
'Orders of the run by their UTC day; a day without orders has no row. Amounts are in the currency of the orders.';
COMMENT ON COLUMN commerce.daily_sales.units IS 'Sum of quantities; returns reduce it.';
COMMENT ON COLUMN commerce.daily_sales.line_revenue IS 'Sum of line totals, net of line discounts.';
COMMENT ON COLUMN commerce.daily_sales.order_total IS 'Sum of the order totals that are stated; NULL when no order of the day states one.';

GRANT SELECT ON commerce.daily_sales TO tidemark_app, tidemark_operator;
