-- commerce.variant_kpi
-- Sales, stock and margin of each article in the catalog of a run.
-- grain:    one row per shop, run and catalog row (variant)
-- requires: commerce.sales_clock, commerce.resolved_line, commerce.velocity_per_day(), commerce.stock_cover_days(),
-- requires: commerce.is_slow_mover(), commerce.is_new_launch(), commerce.markdown_ratio(), commerce.gross_margin_ratio()
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE VIEW commerce.variant_kpi AS
SELECT
    cat.shop_id,
    cat.run_id,
    cat.variant_id,
    coalesce(sold.units_60d, 0) AS units_60d,
    commerce.velocity_per_day(coalesce(sold.units_60d, 0)) AS velocity_per_day,
    coalesce(sold.units_90d, 0) AS units_90d,
    coalesce(sold.revenue_90d, 0.00) AS revenue_90d,
    sold.last_sold_at,
    stock.available,
    commerce.stock_cover_days(stock.available, coalesce(sold.units_60d, 0)) AS stock_cover_days,
    commerce.is_slow_mover(coalesce(sold.units_90d, 0), stock.available) AS is_slow_mover,
    commerce.is_new_launch(cat.product_created_at, clock.as_of) AS is_new_launch,
    cat.is_seasonal,
    cat.is_high_margin,
    commerce.markdown_ratio(cat.compare_at_price, cat.price) AS markdown_ratio,
    commerce.gross_margin_ratio(cat.price, cat.cost) AS gross_margin_ratio,
    clock.as_of
FROM commerce.catalog_snapshot AS cat
LEFT JOIN commerce.sales_clock AS clock ON cat.shop_id = clock.shop_id
LEFT JOIN (
    SELECT
        line.shop_id,
        line.run_id,
        line.variant_id,
        -- hours, so that no time zone has a say
        coalesce(sum(line.quantity) FILTER (WHERE line.ordered_at >= until.as_of - interval '1440 hours'), 0)::bigint AS units_60d,
        coalesce(sum(line.quantity) FILTER (WHERE line.ordered_at >= until.as_of - interval '2160 hours'), 0)::bigint AS units_90d,
        coalesce(sum(line.line_total) FILTER (WHERE line.ordered_at >= until.as_of - interval '2160 hours'), 0.00) AS revenue_90d,
        max(line.ordered_at) AS last_sold_at
    FROM commerce.resolved_line AS line
    INNER JOIN commerce.sales_clock AS until ON line.shop_id = until.shop_id AND line.ordered_at <= until.as_of
    GROUP BY line.shop_id, line.run_id, line.variant_id
) AS sold ON cat.shop_id = sold.shop_id AND cat.run_id = sold.run_id AND cat.variant_id = sold.variant_id
CROSS JOIN LATERAL (
    SELECT
        coalesce(
            (
                SELECT sum(lev.available)
                FROM commerce.inventory_levels AS lev
                WHERE lev.shop_id = cat.shop_id AND lev.inventory_item_id = cat.inventory_item_id
            ),
            cat.available_total
        ) AS available
    OFFSET 0  -- summed once, not once per column that needs it
) AS stock;

COMMENT ON VIEW commerce.variant_kpi IS
'Sums over the lines of the run that lead to this variant, by the time of their orders: as_of and the instant N days before it both count; lines with negative quantity reduce. Ratios are 0 to 1.';
COMMENT ON COLUMN commerce.variant_kpi.available IS
'Units of the item over all locations, whichever run loaded them; without any, available_total of the catalog row; NULL: not tracked.';
COMMENT ON COLUMN commerce.variant_kpi.last_sold_at IS 'Newest order up to as_of with this variant, whatever its quantity; NULL: none.';
COMMENT ON COLUMN commerce.variant_kpi.revenue_90d IS 'Sum of line totals of 90 days, in the currency of the orders.';

GRANT SELECT ON commerce.variant_kpi TO tidemark_app, tidemark_operator;
