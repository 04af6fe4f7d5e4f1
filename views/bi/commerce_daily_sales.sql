-- bi.commerce_daily_sales
-- Orders, units and revenue by day.
-- grain:    one row per shop, run and UTC day with orders
-- requires: commerce.daily_sales_by_day, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_daily_sales WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    sal.shop_id,
    sal.run_id,
    sal.day AS sold_on,
    sal.orders AS order_count,
    sal.units AS unit_count,
    sal.line_revenue,
    sal.order_total
FROM commerce.daily_sales_by_day AS sal
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    sal.shop_id,
    sal.run_id,
    sal.day,
    sal.orders,
    sal.units,
    sal.line_revenue,
    sal.order_total
FROM commerce.daily_sales_by_day AS sal
WHERE sal.shop_id = ANY((SELECT reader.shops FROM reader)::text[]);

COMMENT ON VIEW bi.commerce_daily_sales IS
'Sales by day. Grain: one row per shop, run and day with orders. Key: shop_id, run_id, sold_on. Data as of: commerce.daily_sales_by_day, see bi.freshness.';
COMMENT ON COLUMN bi.commerce_daily_sales.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_daily_sales.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_daily_sales.sold_on IS 'Day of the orders, UTC.';
COMMENT ON COLUMN bi.commerce_daily_sales.order_count IS 'Orders of the day.';
COMMENT ON COLUMN bi.commerce_daily_sales.unit_count IS 'Sum of quantities; returns reduce it.';
COMMENT ON COLUMN bi.commerce_daily_sales.line_revenue IS 'Sum of line totals, net of line discounts, in the currency of the orders.';
COMMENT ON COLUMN bi.commerce_daily_sales.order_total IS 'Sum of the order totals that are stated, in the currency of the orders; NULL when none is.';

GRANT SELECT ON bi.commerce_daily_sales TO tidemark_bi;
