-- bi.commerce_slow_operation
-- Uploads and saves of bundles that took too long.
-- grain:    one row per upload or save beyond its limit
-- requires: commerce.slow_operation, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_slow_operation WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    slo.operation,
    slo.operation_id,
    slo.shop_id,
    slo.csv_type,
    slo.started_at,
    slo.duration_ms,
    slo.limit_ms,
    slo.row_count,
    slo.ms_per_row AS row_ms
FROM commerce.slow_operation AS slo
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    slo.operation,
    slo.operation_id,
    slo.shop_id,
    slo.csv_type,
    slo.started_at,
    slo.duration_ms,
    slo.limit_ms,
    slo.row_count,
    slo.ms_per_row
FROM commerce.slow_operation AS slo
WHERE slo.shop_id = ANY((SELECT reader.shops FROM reader)::text[]);

COMMENT ON VIEW bi.commerce_slow_operation IS
'Alerts. Grain: one row per upload or save of bundles beyond its limit. Key: operation, operation_id. Data as of: now.';
COMMENT ON COLUMN bi.commerce_slow_operation.operation IS 'upload or bundle_save.';
COMMENT ON COLUMN bi.commerce_slow_operation.operation_id IS 'Number of the upload or save.';
COMMENT ON COLUMN bi.commerce_slow_operation.shop_id IS 'Shop; NULL for saves, which may concern several.';
COMMENT ON COLUMN bi.commerce_slow_operation.csv_type IS 'Kind of the file; NULL for saves.';
COMMENT ON COLUMN bi.commerce_slow_operation.started_at IS 'When it began (timestamptz).';
COMMENT ON COLUMN bi.commerce_slow_operation.duration_ms IS 'How long it took, in milliseconds.';
COMMENT ON COLUMN bi.commerce_slow_operation.limit_ms IS 'How long it may take, in milliseconds.';
COMMENT ON COLUMN bi.commerce_slow_operation.row_count IS 'Records of the file, or bundles of the save.';
COMMENT ON COLUMN bi.commerce_slow_operation.row_ms IS 'Milliseconds a record; NULL without records.';

GRANT SELECT ON bi.commerce_slow_operation TO tidemark_bi;
