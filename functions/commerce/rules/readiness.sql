-- commerce.readiness()
-- Says whether bundles can be made for a run.
-- requires: nothing
-- source:   docs/commerce.md, "Coverage and readiness"

CREATE OR REPLACE FUNCTION commerce.readiness(
    orders_status text, variants_status text, catalog_status text,
    order_lines bigint, variants bigint, catalog bigint
)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN orders_status IN ('bundle_generation_queued', 'generating_bundles') THEN 'started'
    WHEN orders_status = 'bundle_generation_completed' THEN 'done'
    WHEN orders_status IN (
        'bundle_generation_failed', 'bundle_generation_timed_out', 'bundle_generation_cancelled'
    ) THEN 'generation_failed'
    WHEN (orders_status = 'completed' AND variants_status = 'completed' AND catalog_status = 'completed') IS NOT TRUE
        THEN 'waiting'  -- NULL: no such file yet
    WHEN order_lines = 0 OR variants = 0 OR catalog = 0 THEN 'incomplete'
    ELSE 'ready'
END;

COMMENT ON FUNCTION commerce.readiness IS
'started, done, generation_failed, waiting, incomplete or ready. Statuses are those of the newest upload of each kind in the run, NULL when there is none; counts are rows of the run.';
