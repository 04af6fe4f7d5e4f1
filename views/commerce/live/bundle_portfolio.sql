-- commerce.bundle_portfolio
-- How many bundles of each type a shop has, and what they promise.
-- grain:    one row per shop, run and bundle type
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE VIEW commerce.bundle_portfolio AS
SELECT
    bun.shop_id,
    upl.run_id,
    bun.bundle_type,
    count(*) AS bundles,
    count(*) FILTER (WHERE bun.is_approved) AS approved_bundles,
    round(avg(bun.confidence), 6) AS average_confidence,
    round((count(*) FILTER (WHERE bun.is_approved))::numeric / count(*), 6) AS approved_share,
    sum(
        CASE WHEN jsonb_typeof(bun.pricing -> 'bundle_price') = 'number'
            THEN round((bun.pricing -> 'bundle_price')::numeric * bun.confidence, 2)
        END
    ) AS potential_value
FROM commerce.bundle_recommendations AS bun
INNER JOIN commerce.csv_uploads AS upl ON bun.csv_upload_id = upl.id
WHERE NOT starts_with(coalesce(bun.discount_reference, ''), '__partial__')
GROUP BY bun.shop_id, upl.run_id, bun.bundle_type;

COMMENT ON VIEW commerce.bundle_portfolio IS
'Bundles without checkpoints of unfinished generations.';
COMMENT ON COLUMN commerce.bundle_portfolio.average_confidence IS '0 to 1.';
COMMENT ON COLUMN commerce.bundle_portfolio.approved_share IS '0 to 1.';
COMMENT ON COLUMN commerce.bundle_portfolio.potential_value IS
'Sum of bundle price times confidence, in the currency of the shop; bundles without a price add nothing, NULL: none has one.';

GRANT SELECT ON commerce.bundle_portfolio TO tidemark_app, tidemark_operator;
