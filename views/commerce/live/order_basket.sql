-- commerce.order_basket
-- What is in each order.
-- grain:    one row per order
-- requires: commerce.resolved_line
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE VIEW commerce.order_basket AS
SELECT
    ord.shop_id,
    upl.run_id,
    ord.order_id,
    ord.created_at,
    basket.line_count,
    basket.item_count,
    basket.basket_value,
    (
        SELECT count(DISTINCT line.variant_id) >= 2
        FROM commerce.resolved_line AS line
        WHERE line.shop_id = ord.shop_id AND line.order_id = ord.order_id
            AND line.run_id = upl.run_id AND line.quantity > 0
    ) AS is_multi_item
FROM commerce.orders AS ord
INNER JOIN commerce.csv_uploads AS upl ON ord.csv_upload_id = upl.id AND ord.shop_id = upl.shop_id
CROSS JOIN LATERAL (
    SELECT
        count(*) AS line_count,
        coalesce(sum(line.quantity), 0)::bigint AS item_count,
        coalesce(sum(line.line_total), 0.00) AS basket_value
    FROM commerce.order_lines AS line
    WHERE line.shop_id = ord.shop_id AND line.order_id = ord.order_id
) AS basket;

COMMENT ON VIEW commerce.order_basket IS 'Lines, units and value of each order, in its currency.';
COMMENT ON COLUMN commerce.order_basket.item_count IS 'Sum of quantities; returns reduce it.';
COMMENT ON COLUMN commerce.order_basket.is_multi_item IS
'At least two different known variants with a quantity above 0: the orders that association rules are made from.';

GRANT SELECT ON commerce.order_basket TO tidemark_app, tidemark_operator;
