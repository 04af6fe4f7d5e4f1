-- bi.commerce_bundle
-- Proposed bundles with their rank.
-- grain:    one row per bundle; checkpoints of unfinished generations are left out
-- requires: commerce.bundle_variant_ids(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_bundle WITH (security_barrier) AS
WITH reader AS MATERIALIZED (
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    opened.bundle_id,
    opened.shop_id,
    opened.run_id,
    opened.rank_position,
    opened.bundle_type,
    opened.objective,
    opened.title,
    opened.variant_ids,
    opened.confidence_ratio,
    opened.predicted_lift,
    opened.ranking_score,
    opened.is_approved,
    opened.is_used,
    opened.created_at,
    opened.updated_at
FROM (  -- around the UNION ALL: a column that nobody asks for is not computed
    SELECT
        bun.id AS bundle_id,
        bun.shop_id,
        upl.run_id,
        bun.rank_position,
        bun.bundle_type,
        bun.objective,
        bun.ai_copy ->> 'title' AS title,
        commerce.bundle_variant_ids(bun.products) AS variant_ids,
        bun.confidence AS confidence_ratio,
        bun.predicted_lift,
        bun.ranking_score,
        bun.is_approved,
        bun.is_used,
        bun.created_at,
        bun.updated_at
    FROM commerce.bundle_recommendations AS bun
    INNER JOIN commerce.csv_uploads AS upl ON bun.csv_upload_id = upl.id
    WHERE (SELECT reader.sees_all FROM reader)
        AND NOT starts_with(coalesce(bun.discount_reference, ''), '__partial__')
    UNION ALL
    SELECT
        bun.id,
        bun.shop_id,
        upl.run_id,
        bun.rank_position,
        bun.bundle_type,
        bun.objective,
        bun.ai_copy ->> 'title',
        commerce.bundle_variant_ids(bun.products),
        bun.confidence,
        bun.predicted_lift,
        bun.ranking_score,
        bun.is_approved,
        bun.is_used,
        bun.created_at,
        bun.updated_at
    FROM commerce.bundle_recommendations AS bun
    INNER JOIN commerce.csv_uploads AS upl ON bun.csv_upload_id = upl.id
    WHERE bun.shop_id = ANY((SELECT reader.shops FROM reader)::text[])
        AND NOT starts_with(coalesce(bun.discount_reference, ''), '__partial__')
) AS opened;

COMMENT ON VIEW bi.commerce_bundle IS
'Bundles. Grain: one row per bundle. Key: bundle_id. Data as of: now.';
COMMENT ON COLUMN bi.commerce_bundle.bundle_id IS 'Number of the bundle.';
COMMENT ON COLUMN bi.commerce_bundle.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_bundle.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_bundle.rank_position IS 'Place in its run; 1 is best.';
COMMENT ON COLUMN bi.commerce_bundle.bundle_type IS 'FBT (bought together), VOLUME, BOGO or another type, upper case.';
COMMENT ON COLUMN bi.commerce_bundle.objective IS 'What the bundle is for, such as increase_aov.';
COMMENT ON COLUMN bi.commerce_bundle.title IS 'Title shown to buyers; NULL: none.';
COMMENT ON COLUMN bi.commerce_bundle.variant_ids IS 'Variants of the bundle, sorted bytewise.';
COMMENT ON COLUMN bi.commerce_bundle.confidence_ratio IS 'How sure the proposal is, 0 to 1.';
COMMENT ON COLUMN bi.commerce_bundle.predicted_lift IS 'Expected effect; 1: none.';
COMMENT ON COLUMN bi.commerce_bundle.ranking_score IS 'What the rank is made from; higher is better.';
COMMENT ON COLUMN bi.commerce_bundle.is_approved IS 'A merchant approved it.';
COMMENT ON COLUMN bi.commerce_bundle.is_used IS 'It is offered in the shop.';
COMMENT ON COLUMN bi.commerce_bundle.created_at IS 'When it was first saved (timestamptz).';
COMMENT ON COLUMN bi.commerce_bundle.updated_at IS 'When its content changed last (timestamptz).';

GRANT SELECT ON bi.commerce_bundle TO tidemark_bi;
