-- name: shop_has_files
SELECT EXISTS (SELECT FROM commerce.csv_uploads AS upl WHERE upl.shop_id = %(shop_id)s);

-- name: mine_rules
-- Counts which articles are bought together in a run.
SELECT commerce.mine_association_rules(%(shop_id)s, %(run_id)s);

-- name: propose_bundles
-- Makes bundles out of the rules of a run.
SELECT made.inserted, made.updated FROM commerce.propose_pair_bundles(%(shop_id)s, %(run_id)s) AS made;

-- name: demo_shop_uploads
SELECT
    upl.file_name,
    upl.csv_type,
    upl.upload_status,
    upl.total_row_count,
    upl.processed_row_count,
    upl.rejected_row_count,
    upl.superseded_row_count
FROM bi.commerce_upload AS upl
WHERE upl.shop_id = %(shop_id)s
ORDER BY upl.created_at, upl.file_name;

-- name: demo_shop_issues
-- What was wrong with the records, by reason, each with its first row as an example.
SELECT DISTINCT ON (iss.severity, iss.reason, iss.column_name)
    iss.severity,
    iss.reason,
    iss.column_name,
    count(*) OVER (PARTITION BY iss.severity, iss.reason, iss.column_name) AS row_count,
    iss.row_no AS first_row_no,
    iss.raw_value AS first_value
FROM commerce.csv_uploads AS upl
INNER JOIN load.issue AS iss ON upl.load_upload_id = iss.upload_id
WHERE upl.shop_id = %(shop_id)s
ORDER BY iss.severity, iss.reason, iss.column_name, iss.row_no;

-- name: demo_shop_coverage
SELECT
    cov.order_count,
    cov.order_line_count,
    cov.variant_count,
    cov.catalog_count,
    cov.missing_catalog_variant_count,
    cov.catalog_coverage_ratio,
    cov.unresolved_line_count,
    cov.readiness_status
FROM bi.commerce_coverage AS cov
WHERE cov.shop_id = %(shop_id)s;

-- name: demo_shop_pairs
-- The five pairs that are bought together most surprisingly often.
SELECT
    coalesce(par.antecedent_title, par.antecedent_variant_id) AS antecedent,
    coalesce(par.consequent_title, par.consequent_variant_id) AS consequent,
    par.both_count,
    round(par.confidence_ratio * 100, 1) AS confidence_pct,
    round(par.lift, 2) AS lift
FROM bi.commerce_co_purchase_pair AS par
WHERE par.shop_id = %(shop_id)s
ORDER BY par.lift DESC, par.both_count DESC, par.antecedent_variant_id, par.consequent_variant_id
LIMIT 5;

-- name: demo_shop_bundles
-- The five best bundles.
SELECT
    bun.rank_position,
    (
        SELECT string_agg(coalesce(art.product_title, item.variant_id), ' + ' ORDER BY item.n)
        FROM unnest(bun.variant_ids) WITH ORDINALITY AS item (variant_id, n)
        LEFT JOIN bi.commerce_article AS art
            ON bun.shop_id = art.shop_id AND bun.run_id = art.run_id AND item.variant_id = art.variant_id
    ) AS articles,
    round(bun.confidence_ratio * 100, 1) AS confidence_pct,
    round(bun.predicted_lift, 2) AS lift,
    round(bun.ranking_score, 2) AS score
FROM bi.commerce_bundle AS bun
WHERE bun.shop_id = %(shop_id)s
ORDER BY bun.rank_position
LIMIT 5;
