-- commerce.slow_operation
-- Uploads and saves of bundles that took longer than they should.
-- grain:    one row per upload or save beyond its limit
-- requires: commerce.operation_timing
-- source:   docs/commerce.md, "Timing"

CREATE OR REPLACE VIEW commerce.slow_operation AS
SELECT
    tim.operation,
    tim.operation_id,
    tim.shop_id,
    tim.csv_type,
    tim.started_at,
    tim.duration_ms,
    lim.limit_ms,
    tim.row_count,
    tim.ms_per_row
FROM commerce.operation_timing AS tim
INNER JOIN commerce.timing_limits AS lim ON tim.operation = lim.operation
WHERE tim.phase = 'total' AND tim.duration_ms > lim.limit_ms;

COMMENT ON VIEW commerce.slow_operation IS
'What to look at first: the limits are rows of commerce.timing_limits, exactly at the limit is still fine.';

GRANT SELECT ON commerce.slow_operation TO tidemark_app, tidemark_operator;
