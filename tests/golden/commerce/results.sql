-- What is derived from the files of a commerce case, through the public views and functions, a query an expected file;
-- docs/golden.md explains the notes.

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
-- absent: no rows
SELECT
    sav.batch,
    iss.item_no,
    iss.reason
FROM golden_save AS sav
INNER JOIN commerce.bundle_save_issues AS iss ON sav.save_id = iss.save_id
ORDER BY sav.step_no, iss.item_no;

-- name: expected/bundle_recommendations.csv
-- key: upload, dedupe_key
-- absent: no rows
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
-- before: mine_association_rules
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
-- before: propose_pair_bundles
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
