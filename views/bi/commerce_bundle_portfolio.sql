-- bi.commerce_bundle_portfolio
-- How many bundles of each type a shop has.
-- grain:    one row per shop, run and bundle type
-- requires: commerce.bundle_portfolio, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_bundle_portfolio WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    por.shop_id,
    por.run_id,
    por.bundle_type,
    por.bundles AS bundle_count,
    por.approved_bundles AS approved_count,
    por.average_confidence AS average_confidence_ratio,
    por.approved_share AS approved_ratio,
    por.potential_value
FROM commerce.bundle_portfolio AS por
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    por.shop_id,
    por.run_id,
    por.bundle_type,
    por.bundles,
    por.approved_bundles,
    por.average_confidence,
    por.approved_share,
    por.potential_value
FROM commerce.bundle_portfolio AS por
WHERE por.shop_id = ANY((SELECT reader.shops FROM reader)::text[]);

COMMENT ON VIEW bi.commerce_bundle_portfolio IS
'Bundle portfolio. Grain: one row per shop, run and type. Key: shop_id, run_id, bundle_type. Data as of: now.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.bundle_type IS 'FBT, VOLUME, BOGO or another type.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.bundle_count IS 'Bundles of the type.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.approved_count IS 'Those a merchant approved.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.average_confidence_ratio IS 'Mean of their confidence, 0 to 1.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.approved_ratio IS 'Share that is approved, 0 to 1.';
COMMENT ON COLUMN bi.commerce_bundle_portfolio.potential_value IS 'Sum of bundle price times confidence, in the currency of the shop; NULL: no prices.';

GRANT SELECT ON bi.commerce_bundle_portfolio TO tidemark_bi;
