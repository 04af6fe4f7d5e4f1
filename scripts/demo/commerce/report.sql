-- What the demonstration of commerce shows: one result a table, read through the views that dashboards read.
-- facts: one row, whose values every other statement and title may use.

-- name: is_filled
SELECT EXISTS (SELECT FROM commerce.csv_uploads AS upl WHERE upl.shop_id = 'demo.example');

-- name: facts
SELECT 'demo.example' AS shop_id, 'demo' AS run_id;

-- name: mine_rules
-- Counts which articles are bought together in a run.
SELECT commerce.mine_association_rules(%(shop_id)s, %(run_id)s);

-- name: propose_bundles
-- Makes bundles out of the rules of a run.
SELECT made.inserted, made.updated FROM commerce.propose_pair_bundles(%(shop_id)s, %(run_id)s) AS made;

-- name: files
-- title: Files of the shop {shop_id}, some records broken on purpose
SELECT
    upl.file_name AS file,
    upl.csv_type AS kind,
    upl.upload_status AS status,
    upl.total_row_count AS records,
    upl.processed_row_count AS processed,
    upl.rejected_row_count AS rejected,
    upl.superseded_row_count AS replaced
FROM bi.commerce_upload AS upl
WHERE upl.shop_id = %(shop_id)s
ORDER BY upl.created_at, upl.file_name;

-- name: issues
-- title: What was wrong with them
-- What was wrong with the records, by reason, each with its first row as an example.
SELECT DISTINCT ON (iss.severity, iss.reason, iss.column_name)
    iss.severity,
    iss.reason,
    iss.column_name AS column,
    count(*) OVER (PARTITION BY iss.severity, iss.reason, iss.column_name) AS records,
    iss.row_no AS "first in row",
    iss.raw_value AS "its value"
FROM commerce.csv_uploads AS upl
INNER JOIN load.issue AS iss ON upl.load_upload_id = iss.upload_id
WHERE upl.shop_id = %(shop_id)s
ORDER BY iss.severity, iss.reason, iss.column_name, iss.row_no;

-- name: coverage
-- title: How complete the shop is
SELECT
    cov.order_count AS orders,
    cov.order_line_count AS lines,
    cov.variant_count AS variants,
    cov.catalog_count AS "in catalog",
    cov.missing_catalog_variant_count AS "missing there",
    cov.catalog_coverage_ratio AS coverage,
    cov.unresolved_line_count AS unresolved,
    cov.readiness_status AS readiness
FROM bi.commerce_coverage AS cov
WHERE cov.shop_id = %(shop_id)s;

-- name: pairs
-- title: Bought together
-- The five pairs that are bought together most surprisingly often.
SELECT
    coalesce(par.antecedent_title, par.antecedent_variant_id) AS "who buys",
    coalesce(par.consequent_title, par.consequent_variant_id) AS "also buys",
    par.both_count AS orders,
    round(par.confidence_ratio * 100, 1) AS "confidence %%",
    round(par.lift, 2) AS lift
FROM bi.commerce_co_purchase_pair AS par
WHERE par.shop_id = %(shop_id)s
ORDER BY par.lift DESC, par.both_count DESC, par.antecedent_variant_id, par.consequent_variant_id
LIMIT 5;

-- name: bundles
-- title: Proposed bundles
-- The five best bundles.
SELECT
    bun.rank_position AS rank,
    (
        SELECT string_agg(coalesce(art.product_title, item.variant_id), ' + ' ORDER BY item.n)
        FROM unnest(bun.variant_ids) WITH ORDINALITY AS item (variant_id, n)
        LEFT JOIN bi.commerce_article AS art
            ON bun.shop_id = art.shop_id AND bun.run_id = art.run_id AND item.variant_id = art.variant_id
    ) AS articles,
    round(bun.confidence_ratio * 100, 1) AS "confidence %%",
    round(bun.predicted_lift, 2) AS lift,
    round(bun.ranking_score, 2) AS score
FROM bi.commerce_bundle AS bun
WHERE bun.shop_id = %(shop_id)s
ORDER BY bun.rank_position
LIMIT 5;
