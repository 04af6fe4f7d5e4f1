-- bi.commerce_article
-- Sales, stock and margin of each article.
-- grain:    one row per shop, run and catalog row (variant)
-- requires: commerce.variant_kpi_by_variant, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_article WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    kpi.shop_id,
    kpi.run_id,
    kpi.variant_id,
    cat.product_id,
    cat.product_title,
    cat.variant_title,
    cat.product_type,
    cat.vendor,
    cat.product_status,
    cat.sku,
    cat.price,
    kpi.units_60d,
    kpi.velocity_per_day,
    kpi.units_90d,
    kpi.revenue_90d,
    kpi.last_sold_at,
    kpi.available,
    kpi.stock_cover_days,
    kpi.is_slow_mover,
    kpi.is_new_launch,
    kpi.is_seasonal,
    kpi.is_high_margin,
    kpi.markdown_ratio,
    kpi.gross_margin_ratio,
    kpi.as_of AS measured_at
FROM commerce.variant_kpi_by_variant AS kpi
INNER JOIN commerce.catalog_snapshot AS cat
    ON kpi.shop_id = cat.shop_id AND kpi.run_id = cat.run_id AND kpi.variant_id = cat.variant_id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    kpi.shop_id,
    kpi.run_id,
    kpi.variant_id,
    cat.product_id,
    cat.product_title,
    cat.variant_title,
    cat.product_type,
    cat.vendor,
    cat.product_status,
    cat.sku,
    cat.price,
    kpi.units_60d,
    kpi.velocity_per_day,
    kpi.units_90d,
    kpi.revenue_90d,
    kpi.last_sold_at,
    kpi.available,
    kpi.stock_cover_days,
    kpi.is_slow_mover,
    kpi.is_new_launch,
    kpi.is_seasonal,
    kpi.is_high_margin,
    kpi.markdown_ratio,
    kpi.gross_margin_ratio,
    kpi.as_of
FROM commerce.variant_kpi_by_variant AS kpi
INNER JOIN commerce.catalog_snapshot AS cat
    ON kpi.shop_id = cat.shop_id AND kpi.run_id = cat.run_id AND kpi.variant_id = cat.variant_id
WHERE kpi.shop_id = ANY((SELECT reader.shops FROM reader)::text[])
    AND cat.shop_id = ANY((SELECT reader.shops FROM reader)::text[]);  -- the same, for its index

COMMENT ON VIEW bi.commerce_article IS
'Figures of an article at the newest order of its shop. Grain: one row per shop, run and variant of the catalog. Key: shop_id, run_id, variant_id. Data as of: commerce.variant_kpi_by_variant, see bi.freshness.';
COMMENT ON COLUMN bi.commerce_article.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_article.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_article.variant_id IS 'Variant.';
COMMENT ON COLUMN bi.commerce_article.product_id IS 'Product of the variant.';
COMMENT ON COLUMN bi.commerce_article.product_title IS 'Title of the product.';
COMMENT ON COLUMN bi.commerce_article.variant_title IS 'Title of the variant.';
COMMENT ON COLUMN bi.commerce_article.product_type IS 'Kind of product, as the shop names it.';
COMMENT ON COLUMN bi.commerce_article.vendor IS 'Maker or supplier.';
COMMENT ON COLUMN bi.commerce_article.product_status IS 'ACTIVE, DRAFT, ARCHIVED or what else the shop says, upper case.';
COMMENT ON COLUMN bi.commerce_article.sku IS 'Stock keeping unit.';
COMMENT ON COLUMN bi.commerce_article.price IS 'Price, in the currency of the shop.';
COMMENT ON COLUMN bi.commerce_article.units_60d IS 'Units sold in the 60 days to measured_at; returns reduce it.';
COMMENT ON COLUMN bi.commerce_article.velocity_per_day IS 'units_60d / 60.';
COMMENT ON COLUMN bi.commerce_article.units_90d IS 'Units sold in the 90 days to measured_at.';
COMMENT ON COLUMN bi.commerce_article.revenue_90d IS 'Line totals of the 90 days to measured_at, in the currency of the orders.';
COMMENT ON COLUMN bi.commerce_article.last_sold_at IS 'Newest order with the article (timestamptz); NULL: none.';
COMMENT ON COLUMN bi.commerce_article.available IS 'Units in stock over all locations; negative: oversold, NULL: not tracked.';
COMMENT ON COLUMN bi.commerce_article.stock_cover_days IS 'Days the stock lasts at the present pace; NULL: nothing sold, or stock unknown.';
COMMENT ON COLUMN bi.commerce_article.is_slow_mover IS 'Nothing sold in 90 days, or at most 2 units while some are in stock.';
COMMENT ON COLUMN bi.commerce_article.is_new_launch IS 'The product was created in the 30 days to measured_at.';
COMMENT ON COLUMN bi.commerce_article.is_seasonal IS 'The tags name a holiday or a gift.';
COMMENT ON COLUMN bi.commerce_article.is_high_margin IS 'The price lies more than 30 % below the former one; the margin is gross_margin_ratio.';
COMMENT ON COLUMN bi.commerce_article.markdown_ratio IS 'How far the price lies below the former one, as a share of it; NULL: no former price.';
COMMENT ON COLUMN bi.commerce_article.gross_margin_ratio IS '(price - cost) / price; NULL: cost unknown.';
COMMENT ON COLUMN bi.commerce_article.measured_at IS 'Newest order of the shop (timestamptz), at which the figures are measured; NULL: no orders.';

GRANT SELECT ON bi.commerce_article TO tidemark_bi;
