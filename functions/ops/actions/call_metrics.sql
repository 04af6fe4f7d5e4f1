-- ops.call_metrics()
-- How often and how fast public functions were called within a time, for each function and role.
-- requires: nothing
-- source:   docs/calls.md

CREATE OR REPLACE FUNCTION ops.call_metrics(p_from timestamptz DEFAULT '-infinity', p_to timestamptz DEFAULT 'infinity')
RETURNS TABLE (
    function_name text, actor_role text, call_count bigint, error_count bigint, slow_count bigint,
    p50_ms double precision, p95_ms double precision, p99_ms double precision, max_ms double precision
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        cal.function_name,
        cal.actor_role,
        count(*),
        count(*) FILTER (WHERE cal.is_error),
        count(*) FILTER (WHERE cal.is_slow),
        (percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY cal.duration_ms))[1],
        (percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY cal.duration_ms))[2],
        (percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY cal.duration_ms))[3],
        max(cal.duration_ms)
    FROM ops.call AS cal
    WHERE cal.started_at >= p_from AND cal.started_at < p_to
    GROUP BY cal.function_name, cal.actor_role
    ORDER BY cal.function_name, cal.actor_role;
END;

COMMENT ON FUNCTION ops.call_metrics IS
'One row per function and role of calls that began from p_from on and before p_to. Percentiles of the milliseconds, interpolated between neighbours.';

REVOKE ALL ON FUNCTION ops.call_metrics FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ops.call_metrics TO tidemark_operator;
