-- The expected files of a commerce case, each with the query that computes it; spec.py explains the notes.
-- Tables are read as they are; everything derived comes through the public views and functions.

-- name: expected/uploads.csv
-- key: upload
SELECT
    lab.label AS upload,
    upl.csv_type AS kind,
    upl.run_id AS run,
    upl.shop_id,
    upl.status,
    upl.error_code,
    upl.error_detail AS error_columns,
    upl.total_rows,
    upl.processed_rows,
    upl.rejected_rows,
    upl.superseded_rows,
    can.label AS canonical_upload
FROM golden_upload AS lab
INNER JOIN commerce.upload AS upl ON lab.csv_upload_id = upl.csv_upload_id
LEFT JOIN golden_upload AS can ON upl.canonical_upload_id = can.csv_upload_id;

-- name: expected/orders.csv
-- key: shop_id, order_id
SELECT
    row.shop_id,
    row.order_id,
    upl.label AS upload,
    row.created_at,
    row.customer_id,
    row.customer_email,
    row.customer_country,
    row.shipping_province,
    row.shipping_city,
    row.currency,
    row.clv_band,
    row.channel,
    row.device,
    row.subtotal,
    row.discount,
    row.discount_code,
    row.shipping,
    row.taxes,
    row.total,
    row.financial_status,
    row.fulfillment_status,
    row.returned
FROM commerce.orders AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/order_lines.csv
-- key: shop_id, order_id, line_key
SELECT
    row.shop_id,
    row.order_id,
    row.line_key,
    upl.label AS upload,
    row.line_item_id,
    row.variant_id,
    row.product_id,
    row.sku,
    row.name,
    row.product_title,
    row.variant_title,
    row.brand,
    row.category,
    row.quantity,
    row.unit_price,
    row.line_total,
    row.line_discount,
    row.requires_shipping,
    row.is_gift_card,
    row.taxable
FROM commerce.order_lines AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/variants.csv
-- key: shop_id, variant_id
SELECT
    row.shop_id,
    row.variant_id,
    upl.label AS upload,
    row.product_id,
    row.sku,
    row.variant_title,
    row.price,
    row.compare_at_price,
    row.cost,
    row.inventory_item_id,
    row.inventory_item_created_at
FROM commerce.variants AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/catalog_snapshot.csv
-- key: shop_id, run, variant_id
SELECT
    row.shop_id,
    row.run_id AS run,
    row.variant_id,
    upl.label AS upload,
    row.product_id,
    row.product_title,
    row.product_type,
    row.tags,
    row.product_status,
    row.vendor,
    row.product_created_at,
    row.product_published_at,
    row.sku,
    row.variant_title,
    row.price,
    row.compare_at_price,
    row.cost,
    row.inventory_item_id,
    row.inventory_item_created_at,
    row.available_total,
    row.last_inventory_update,
    row.is_seasonal,
    row.is_high_margin
FROM commerce.catalog_snapshot AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/inventory_levels.csv
-- key: shop_id, inventory_item_id, location_id
SELECT
    row.shop_id,
    row.inventory_item_id,
    row.location_id,
    upl.label AS upload,
    row.available,
    row.updated_at
FROM commerce.inventory_levels AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/issues.csv
-- key: upload, row_no, severity, reason, column_name, raw_value
SELECT
    lab.label AS upload,
    iss.row_no,
    iss.severity,
    iss.reason,
    nullif(iss.column_name, '') AS column_name,  -- the files write no empty strings
    nullif(iss.raw_value, '') AS raw_value
FROM golden_upload AS lab
INNER JOIN commerce.ingest_issues AS iss ON lab.csv_upload_id = iss.csv_upload_id;

-- name: expected/coverage.csv
-- key: shop_id, run
SELECT
    cov.shop_id,
    cov.run_id AS run,
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
FROM commerce.run AS run
CROSS JOIN LATERAL commerce.coverage_of(run.shop_id, run.run_id) AS cov;

-- name: expected/bundle_issues.csv
-- key: batch, item_no
SELECT
    sav.batch,
    iss.item_no,
    iss.reason
FROM golden_save AS sav
INNER JOIN commerce.bundle_save_issues AS iss ON sav.save_id = iss.save_id
ORDER BY sav.step_no, iss.item_no;

-- name: expected/bundle_recommendations.csv
-- key: upload, dedupe_key
-- order: rank_position
-- within: upload, is_checkpoint
SELECT
    lab.label AS upload,
    bun.shop_id,
    bun.dedupe_key,
    bun.bundle_type,
    bun.objective,
    array_to_string(commerce.bundle_variant_ids(bun.products), ';') AS variant_ids,
    bun.confidence,
    bun.predicted_lift,
    bun.support,
    bun.lift,
    bun.ranking_score,
    bun.rank_position,
    bun.discount_reference,
    bun.is_approved,
    bun.is_used,
    bun.ai_copy ->> 'title' AS title,
    list.is_checkpoint
FROM golden_upload AS lab
CROSS JOIN (VALUES (false), (true)) AS list (is_checkpoint)
CROSS JOIN LATERAL commerce.bundles_of(lab.csv_upload_id, 1000000, list.is_checkpoint) AS bun
WHERE lab.csv_upload_id = bun.csv_upload_id
ORDER BY lab.step_no, list.is_checkpoint, bun.rank_position;

-- name: expected/association_rules.csv
-- key: shop_id, run, antecedent, consequent
-- tolerance: support 0.000001, confidence 0.000001, lift 0.000001
SELECT
    run.shop_id,
    run.run_id AS run,
    cardinality(rul.antecedent || rul.consequent) AS itemset_size,
    array_to_string(rul.antecedent, ';') AS antecedent,
    array_to_string(rul.consequent, ';') AS consequent,
    rul.n_transactions,
    rul.n_both,
    rul.support,
    rul.confidence,
    rul.lift
FROM golden_run AS run
INNER JOIN commerce.csv_uploads AS upl ON run.shop_id = upl.shop_id AND run.run_id = upl.run_id
INNER JOIN commerce.association_rules AS rul ON upl.id = rul.csv_upload_id
WHERE run.purpose = 'rules_for';

-- name: expected/kpi_variant.csv
-- key: shop_id, run, variant_id
-- tolerance: velocity_per_day 0.000001, markdown_ratio 0.000001, gross_margin_ratio 0.000001
SELECT
    kpi.*,
    kpi.run_id AS run
FROM golden_run AS run
CROSS JOIN LATERAL commerce.variant_kpi_at(
    run.shop_id, run.run_id, current_setting('tidemark.golden_as_of')::timestamptz
) AS kpi
WHERE run.purpose = 'kpi_for';

-- name: expected/kpi_daily.csv
-- key: shop_id, run, day
SELECT
    sal.shop_id,
    sal.run_id AS run,
    sal.day,
    sal.orders,
    sal.units,
    sal.line_revenue,
    sal.order_total
FROM golden_run AS run
INNER JOIN commerce.daily_sales AS sal ON run.shop_id = sal.shop_id AND run.run_id = sal.run_id
WHERE run.purpose = 'kpi_for';

-- name: expected/generated_bundles.csv
-- key: shop_id, run, antecedent, consequent
-- order: rank_position
-- within: shop_id, run
-- tolerance: support 0.000001, confidence 0.000001, lift 0.000001, ranking_score 0.000001
SELECT
    run.shop_id,
    run.run_id AS run,
    bun.rank_position,
    bun.products -> 0 ->> 'variant_id' AS antecedent,
    bun.products -> 1 ->> 'variant_id' AS consequent,
    bun.confidence,
    bun.support,
    bun.lift,
    bun.ranking_score,
    (bun.pricing -> 'original_total')::numeric AS original_total,
    (bun.pricing -> 'bundle_price')::numeric AS bundle_price,
    (bun.pricing -> 'discount_amount')::numeric AS discount_amount
FROM golden_run AS run
INNER JOIN commerce.csv_uploads AS upl ON run.shop_id = upl.shop_id AND run.run_id = upl.run_id AND upl.csv_type = 'orders'
INNER JOIN commerce.bundle_recommendations AS bun ON upl.id = bun.csv_upload_id
WHERE run.purpose = 'generate_bundles_for'
ORDER BY run.shop_id, run.run_id, bun.rank_position;
