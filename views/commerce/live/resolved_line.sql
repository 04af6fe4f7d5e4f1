-- commerce.resolved_line
-- Order lines with the variant they are about, if that is known.
-- grain:    one row per order line whose variant is known
-- requires: commerce.sku_resolution
-- source:   docs/commerce.md, "Resolved variants"
-- Two branches instead of one outer join: most lines need no look-up, and the first can start from a variant.

CREATE OR REPLACE VIEW commerce.resolved_line AS
SELECT
    line.shop_id,
    upl.run_id,
    line.order_id,
    line.line_key,
    line.csv_upload_id,
    line.variant_id,
    line.quantity,
    line.line_total,
    line.ordered_at
FROM commerce.order_lines AS line
INNER JOIN commerce.csv_uploads AS upl ON line.csv_upload_id = upl.id AND line.shop_id = upl.shop_id
WHERE line.variant_id IS NOT NULL
UNION ALL
SELECT
    line.shop_id,
    sku.run_id,
    line.order_id,
    line.line_key,
    line.csv_upload_id,
    sku.variant_id,
    line.quantity,
    line.line_total,
    line.ordered_at
FROM commerce.order_lines AS line
INNER JOIN commerce.csv_uploads AS upl ON line.csv_upload_id = upl.id AND line.shop_id = upl.shop_id
INNER JOIN commerce.sku_resolution AS sku
    ON upl.shop_id = sku.shop_id AND upl.run_id = sku.run_id AND line.sku = sku.sku AND line.shop_id = sku.shop_id
WHERE line.variant_id IS NULL;

COMMENT ON VIEW commerce.resolved_line IS
'The variant of a line is its own variant_id, also when no file describes it; without one, the only variant of the run with the same SKU. Lines with neither are left out.';

GRANT SELECT ON commerce.resolved_line TO tidemark_app, tidemark_operator;
