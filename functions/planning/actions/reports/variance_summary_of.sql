-- planning.variance_summary_of()
-- Counts and absolute sums of the variance of one project.
-- requires: planning.variance_worker_day_of(), planning.variance_presence_of()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_summary_of(
    p_project_id uuid,
    p_from date,
    p_to date,
    p_method text,
    p_allocation_threshold numeric DEFAULT 20,
    p_allocation_exception numeric DEFAULT 30,
    p_cost_threshold numeric DEFAULT 10,
    p_cost_exception numeric DEFAULT 20
)
RETURNS TABLE (
    total_variances bigint,
    unplanned_work bigint,
    unworked_assignment bigint,
    allocation_over bigint,
    allocation_under bigint,
    cost_over bigint,
    cost_under bigint,
    total_allocation_variance numeric,
    total_cost_variance numeric
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH found AS MATERIALIZED (
        SELECT
            vrn.variance_type,
            abs(vrn.allocation_variance) AS allocation,
            abs(vrn.cost_variance) AS cost,
            -- both rows of a day carry both measures: they count once
            row_number() OVER (PARTITION BY vrn.resource_id, vrn.variance_date ORDER BY vrn.variance_type) = 1 AS is_counted
        FROM planning.variance_worker_day_of(
            p_project_id, p_from, p_to, p_allocation_threshold, p_allocation_exception, p_cost_threshold, p_cost_exception
        ) AS vrn
        WHERE p_method = 'worker_day'
        UNION ALL
        SELECT
            vrn.variance_type,
            abs(vrn.actual_allocation - vrn.forecast_allocation),
            abs(vrn.actual_cost - vrn.forecast_cost),
            TRUE
        FROM planning.variance_presence_of(p_project_id, p_from, p_to) AS vrn
        WHERE p_method = 'presence'
    )

    SELECT
        count(*),
        count(*) FILTER (WHERE fnd.variance_type = 'unplanned_work'),
        count(*) FILTER (WHERE fnd.variance_type = 'unworked_assignment'),
        count(*) FILTER (WHERE fnd.variance_type = 'allocation_over'),
        count(*) FILTER (WHERE fnd.variance_type = 'allocation_under'),
        count(*) FILTER (WHERE fnd.variance_type = 'cost_over'),
        count(*) FILTER (WHERE fnd.variance_type = 'cost_under'),
        coalesce(sum(fnd.allocation) FILTER (WHERE fnd.is_counted), 0),
        coalesce(sum(fnd.cost) FILTER (WHERE fnd.is_counted), 0)
    FROM found AS fnd;
END;

COMMENT ON FUNCTION planning.variance_summary_of IS
'One row. It asks for no user, so it is for the owner and his jobs; applications call planning.variance_summary(). Zeros for a method that planning.variance_summary() would refuse.';

REVOKE ALL ON FUNCTION planning.variance_summary_of FROM PUBLIC;
