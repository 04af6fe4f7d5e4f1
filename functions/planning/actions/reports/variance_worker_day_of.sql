-- planning.variance_worker_day_of()
-- Work of one project against its plan, by resource and day.
-- requires: planning.worker_day, planning.variance_kinds()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_worker_day_of(
    p_project_id uuid,
    p_from date,
    p_to date,
    p_allocation_threshold numeric DEFAULT 20,
    p_allocation_exception numeric DEFAULT 30,
    p_cost_threshold numeric DEFAULT 10,
    p_cost_exception numeric DEFAULT 20
)
RETURNS TABLE (
    resource_id uuid,
    worker_id text,
    variance_date date,
    variance_type text,
    severity text,
    forecast_allocation numeric,
    actual_allocation numeric,
    allocation_variance numeric,
    allocation_variance_pct numeric,
    forecast_cost numeric,
    actual_cost numeric,
    cost_variance numeric,
    cost_variance_pct numeric
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        cmp.resource_id,
        wrk.external_id,
        cmp.work_date,
        kind.variance_type,
        kind.severity,
        cmp.forecast_allocation,
        cmp.actual_allocation,
        cmp.actual_allocation - cmp.forecast_allocation,
        round((cmp.actual_allocation - cmp.forecast_allocation) * 100 / nullif(cmp.forecast_allocation, 0), 4),
        cmp.forecast_cost,
        cmp.actual_cost,
        cmp.actual_cost - cmp.forecast_cost,
        round((cmp.actual_cost - cmp.forecast_cost) * 100 / nullif(cmp.forecast_cost, 0), 4)
    FROM planning.worker_day AS cmp
    -- resources that are people have a worker, others have none
    INNER JOIN planning.resources AS res ON cmp.resource_id = res.id
    INNER JOIN planning.workers AS wrk ON res.worker_id = wrk.id
    CROSS JOIN LATERAL planning.variance_kinds(
        cmp.is_planned, cmp.is_worked, cmp.forecast_allocation, cmp.actual_allocation, cmp.forecast_cost, cmp.actual_cost,
        p_allocation_threshold, p_allocation_exception, p_cost_threshold, p_cost_exception
    ) AS kind
    WHERE cmp.project_id = p_project_id AND cmp.work_date BETWEEN p_from AND p_to;
END;

COMMENT ON FUNCTION planning.variance_worker_day_of IS
'One row per resource, day and kind. It asks for no user, so it is for the owner and his jobs; applications call planning.variance_worker_day().';

REVOKE ALL ON FUNCTION planning.variance_worker_day_of FROM PUBLIC;
