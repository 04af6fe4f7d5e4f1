-- commerce.run_coverage
-- How complete the data of a run are, and whether bundles can be made.
-- grain:    one row per shop and run
-- requires: commerce.run, commerce.sku_resolution, commerce.catalog_coverage_ratio(), commerce.readiness()
-- source:   docs/commerce.md, "Coverage and readiness"

CREATE OR REPLACE VIEW commerce.run_coverage AS
SELECT
    run.shop_id,
    run.run_id,
    ord.orders,
    line.order_lines,
    var.variants,
    cat.catalog,
    inv.inventory_levels,
    var.missing_catalog_variants,
    commerce.catalog_coverage_ratio(var.variants, var.missing_catalog_variants) AS catalog_coverage_ratio,
    line.order_variants,
    line.order_variants_missing_in_variants,
    line.order_variants_missing_in_catalog,
    line.lines_unresolved,
    commerce.readiness(
        latest.orders_status, latest.variants_status, latest.catalog_status, line.order_lines, var.variants, cat.catalog
    ) AS readiness
FROM commerce.run AS run
CROSS JOIN LATERAL (
    SELECT count(*) AS orders
    FROM commerce.csv_uploads AS upl
    INNER JOIN commerce.orders AS ord ON upl.id = ord.csv_upload_id AND upl.shop_id = ord.shop_id
    WHERE upl.shop_id = run.shop_id AND upl.run_id = run.run_id
) AS ord
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(item.lines), 0)::bigint AS order_lines,
        count(item.variant_id) AS order_variants,
        count(item.variant_id) FILTER (
            WHERE NOT EXISTS (
                SELECT
                FROM commerce.variants AS var
                INNER JOIN commerce.csv_uploads AS own ON var.csv_upload_id = own.id
                WHERE var.shop_id = run.shop_id AND var.variant_id = item.variant_id
                    AND own.shop_id = run.shop_id AND own.run_id = run.run_id
            )
        ) AS order_variants_missing_in_variants,
        count(item.variant_id) FILTER (
            WHERE NOT EXISTS (
                SELECT
                FROM commerce.catalog_snapshot AS cat
                WHERE cat.shop_id = run.shop_id AND cat.run_id = run.run_id AND cat.variant_id = item.variant_id
            )
        ) AS order_variants_missing_in_catalog,
        coalesce(sum(item.lines) FILTER (
            WHERE item.variant_id IS NULL AND NOT EXISTS (
                SELECT
                FROM commerce.sku_resolution AS sku
                WHERE sku.shop_id = run.shop_id AND sku.run_id = run.run_id AND sku.sku = item.sku
            )
        ), 0)::bigint AS lines_unresolved
    FROM (
        SELECT
            line.variant_id,
            CASE WHEN line.variant_id IS NULL THEN line.sku END AS sku,
            count(*) AS lines
        FROM commerce.csv_uploads AS upl
        INNER JOIN commerce.order_lines AS line ON upl.id = line.csv_upload_id AND upl.shop_id = line.shop_id
        WHERE upl.shop_id = run.shop_id AND upl.run_id = run.run_id
        GROUP BY line.variant_id, CASE WHEN line.variant_id IS NULL THEN line.sku END
    ) AS item
) AS line
CROSS JOIN LATERAL (
    SELECT
        count(*) AS variants,
        count(*) FILTER (
            WHERE NOT EXISTS (
                SELECT
                FROM commerce.catalog_snapshot AS cat
                WHERE cat.shop_id = run.shop_id AND cat.run_id = run.run_id AND cat.variant_id = var.variant_id
            )
        ) AS missing_catalog_variants
    FROM commerce.csv_uploads AS upl
    INNER JOIN commerce.variants AS var ON upl.id = var.csv_upload_id AND upl.shop_id = var.shop_id
    WHERE upl.shop_id = run.shop_id AND upl.run_id = run.run_id
) AS var
CROSS JOIN LATERAL (
    SELECT count(*) AS catalog
    FROM commerce.catalog_snapshot AS cat
    WHERE cat.shop_id = run.shop_id AND cat.run_id = run.run_id
) AS cat
CROSS JOIN LATERAL (
    SELECT count(*) AS inventory_levels
    FROM commerce.csv_uploads AS upl
    INNER JOIN commerce.inventory_levels AS inv ON upl.id = inv.csv_upload_id AND upl.shop_id = inv.shop_id
    WHERE upl.shop_id = run.shop_id AND upl.run_id = run.run_id
) AS inv
CROSS JOIN LATERAL (
    SELECT
        max(newest.status) FILTER (WHERE newest.csv_type = 'orders') AS orders_status,
        max(newest.status) FILTER (WHERE newest.csv_type = 'variants') AS variants_status,
        max(newest.status) FILTER (WHERE newest.csv_type = 'catalog_joined') AS catalog_status
    FROM (
        SELECT DISTINCT ON (upl.csv_type)
            upl.csv_type,
            upl.status
        FROM commerce.csv_uploads AS upl
        WHERE upl.shop_id = run.shop_id AND upl.run_id = run.run_id
        ORDER BY upl.csv_type ASC, upl.created_at DESC, upl.upload_no DESC
    ) AS newest
) AS latest;

COMMENT ON VIEW commerce.run_coverage IS
'Rows of the run: those whose upload belongs to it, for the catalog those of the run itself. A row that a newer run rewrites moves there, so older runs shrink. Kept as commerce.upload_coverage; no load computes it.';
COMMENT ON COLUMN commerce.run_coverage.missing_catalog_variants IS
'Variants of the run without a catalog row in the run: a difference of sets, not of counts.';
COMMENT ON COLUMN commerce.run_coverage.catalog_coverage_ratio IS 'Share of the variants that have a catalog row, 0 to 1; 0 without variants.';
COMMENT ON COLUMN commerce.run_coverage.order_variants IS 'Different variant ids on the lines of the run; lines that only name an SKU do not count.';
COMMENT ON COLUMN commerce.run_coverage.lines_unresolved IS 'Lines that lead to no variant: neither an id nor an SKU that exactly one variant of the run has.';
COMMENT ON COLUMN commerce.run_coverage.readiness IS
'started, done, generation_failed, waiting (a file is absent or did not load), incomplete (loaded, but no lines, variants or catalog rows) or ready.';

GRANT SELECT ON commerce.run_coverage TO tidemark_app, tidemark_operator;
