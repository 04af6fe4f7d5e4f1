-- planning.variance_by_project()
-- How much of the work of each project differs from its plan to date, for a user who may see reports of them.
-- requires: planning.variance_to_date_by_project, planning.require_permission(), planning.reach_of()
-- requires: refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_by_project(p_user_id uuid, p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    project_id uuid,
    total_variances bigint,
    exceptions bigint,
    unplanned_work bigint,
    unworked_assignment bigint,
    allocation_over bigint,
    allocation_under bigint,
    cost_over bigint,
    cost_under bigint,
    total_allocation_variance numeric,
    total_cost_variance numeric
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_reach record;
    v_day_before text;
BEGIN
    PERFORM planning.require_permission(p_user_id, 'view_reports');
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'view_reports') AS reach;
    v_day_before := refresh.use_as_of(p_as_of);
    RETURN QUERY
    SELECT
        vrn.project_id,
        vrn.total_variances,
        vrn.exceptions,
        vrn.unplanned_work,
        vrn.unworked_assignment,
        vrn.allocation_over,
        vrn.allocation_under,
        vrn.cost_over,
        vrn.cost_under,
        vrn.total_allocation_variance,
        vrn.total_cost_variance
    FROM planning.variance_to_date_by_project_as_of AS vrn
    INNER JOIN planning.projects AS prj ON vrn.project_id = prj.id
    WHERE v_reach.sees_all OR prj.program_id = ANY(v_reach.program_ids) OR prj.id = ANY(v_reach.project_ids)
    ORDER BY vrn.project_id;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION planning.variance_by_project IS
'One row per project in reach, from its start through p_as_of, at the thresholds of planning.variance_summary(): from stored rows where they are right for that day. Raises 42501 without the permission view_reports.';

REVOKE ALL ON FUNCTION planning.variance_by_project FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.variance_by_project TO tidemark_app;
