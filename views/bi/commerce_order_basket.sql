-- bi.commerce_order_basket
-- What is in each order.
-- grain:    one row per order
-- requires: commerce.order_basket, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_order_basket WITH (security_barrier) AS
WITH reader AS MATERIALIZED (
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    opened.shop_id,
    opened.run_id,
    opened.order_id,
    opened.ordered_at,
    opened.line_count,
    opened.item_count,
    opened.basket_value,
    opened.is_multi_item
FROM (  -- around the UNION ALL: a column that nobody asks for is not computed
    SELECT
        bas.shop_id,
        bas.run_id,
        bas.order_id,
        bas.created_at AS ordered_at,
        bas.line_count,
        bas.item_count,
        bas.basket_value,
        bas.is_multi_item
    FROM commerce.order_basket AS bas
    WHERE (SELECT reader.sees_all FROM reader)
    UNION ALL
    SELECT
        bas.shop_id,
        bas.run_id,
        bas.order_id,
        bas.created_at,
        bas.line_count,
        bas.item_count,
        bas.basket_value,
        bas.is_multi_item
    FROM commerce.order_basket AS bas
    WHERE bas.shop_id = ANY((SELECT reader.shops FROM reader)::text[])
) AS opened;

COMMENT ON VIEW bi.commerce_order_basket IS
'Baskets. Grain: one row per order. Key: shop_id, order_id. Data as of: now, computed when read; filter by shop_id.';
COMMENT ON COLUMN bi.commerce_order_basket.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_order_basket.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_order_basket.order_id IS 'Order.';
COMMENT ON COLUMN bi.commerce_order_basket.ordered_at IS 'Time of the order (timestamptz).';
COMMENT ON COLUMN bi.commerce_order_basket.line_count IS 'Lines of the order.';
COMMENT ON COLUMN bi.commerce_order_basket.item_count IS 'Sum of quantities; returns reduce it.';
COMMENT ON COLUMN bi.commerce_order_basket.basket_value IS 'Sum of line totals, in the currency of the order.';
COMMENT ON COLUMN bi.commerce_order_basket.is_multi_item IS 'At least two different known variants with a quantity above 0.';

GRANT SELECT ON bi.commerce_order_basket TO tidemark_bi;
