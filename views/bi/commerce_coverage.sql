-- bi.commerce_coverage
-- How complete the data of each run are, and whether bundles can be made.
-- grain:    one row per shop and run
-- requires: commerce.upload_coverage, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_coverage WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    cov.shop_id,
    cov.run_id,
    cov.orders AS order_count,
    cov.order_lines AS order_line_count,
    cov.variants AS variant_count,
    cov.catalog AS catalog_count,
    cov.inventory_levels AS inventory_level_count,
    cov.missing_catalog_variants AS missing_catalog_variant_count,
    cov.catalog_coverage_ratio,
    cov.order_variants AS order_variant_count,
    cov.order_variants_missing_in_variants AS order_variant_missing_in_variants_count,
    cov.order_variants_missing_in_catalog AS order_variant_missing_in_catalog_count,
    cov.lines_unresolved AS unresolved_line_count,
    cov.readiness AS readiness_status
FROM commerce.upload_coverage AS cov
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    cov.shop_id,
    cov.run_id,
    cov.orders,
    cov.order_lines,
    cov.variants,
    cov.catalog,
    cov.inventory_levels,
    cov.missing_catalog_variants,
    cov.catalog_coverage_ratio,
    cov.order_variants,
    cov.order_variants_missing_in_variants,
    cov.order_variants_missing_in_catalog,
    cov.lines_unresolved,
    cov.readiness
FROM commerce.upload_coverage AS cov
WHERE cov.shop_id = ANY((SELECT reader.shops FROM reader)::text[]);

COMMENT ON VIEW bi.commerce_coverage IS
'Completeness of a run. Grain: one row per shop and run. Key: shop_id, run_id. Data as of: commerce.upload_coverage, see bi.freshness.';
COMMENT ON COLUMN bi.commerce_coverage.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_coverage.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_coverage.order_count IS 'Orders of the run.';
COMMENT ON COLUMN bi.commerce_coverage.order_line_count IS 'Order lines of the run.';
COMMENT ON COLUMN bi.commerce_coverage.variant_count IS 'Variants of the run.';
COMMENT ON COLUMN bi.commerce_coverage.catalog_count IS 'Catalog rows of the run.';
COMMENT ON COLUMN bi.commerce_coverage.inventory_level_count IS 'Stock levels of the run.';
COMMENT ON COLUMN bi.commerce_coverage.missing_catalog_variant_count IS 'Variants without a catalog row.';
COMMENT ON COLUMN bi.commerce_coverage.catalog_coverage_ratio IS 'Share of the variants with a catalog row, 0 to 1; 0 without variants.';
COMMENT ON COLUMN bi.commerce_coverage.order_variant_count IS 'Different variant ids on the lines.';
COMMENT ON COLUMN bi.commerce_coverage.order_variant_missing_in_variants_count IS 'Those of them that no variant of the run has.';
COMMENT ON COLUMN bi.commerce_coverage.order_variant_missing_in_catalog_count IS 'Those of them that the catalog lacks.';
COMMENT ON COLUMN bi.commerce_coverage.unresolved_line_count IS 'Lines that lead to no variant, neither by id nor by an unambiguous SKU.';
COMMENT ON COLUMN bi.commerce_coverage.readiness_status IS 'started, done, generation_failed, waiting, incomplete or ready.';

GRANT SELECT ON bi.commerce_coverage TO tidemark_bi;
