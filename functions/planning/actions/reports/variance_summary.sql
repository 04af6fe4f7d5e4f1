-- planning.variance_summary()
-- Counts and absolute sums of the variance of one project, for a user who may see reports of it.
-- requires: planning.require_right(), planning.require_window(), planning.variance_window(), planning.require_thresholds()
-- requires: planning.variance_summary_of()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_summary(
    p_user_id uuid,
    p_project_id uuid,
    p_from date DEFAULT NULL,
    p_to date DEFAULT NULL,
    p_is_capped boolean DEFAULT TRUE,
    p_method text DEFAULT 'worker_day',
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
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_window record;
BEGIN
    PERFORM planning.require_right(p_user_id, 'view_reports', p_project_id);
    PERFORM planning.require_thresholds(p_allocation_threshold, p_allocation_exception, p_cost_threshold, p_cost_exception);
    SELECT win.* INTO v_window FROM planning.variance_window(p_project_id, p_from, p_to, p_is_capped) AS win;
    -- the window may be empty, which is no mistake here
    PERFORM planning.require_window(v_window.first_day, v_window.first_day, p_method, ARRAY['worker_day', 'presence']);
    RETURN QUERY
    SELECT vrn.*
    FROM planning.variance_summary_of(
        p_project_id, v_window.first_day, v_window.last_day, p_method,
        p_allocation_threshold, p_allocation_exception, p_cost_threshold, p_cost_exception
    ) AS vrn;
END;
$$;

COMMENT ON FUNCTION planning.variance_summary IS
'One row, zeros when nothing differs. p_method: worker_day or presence, on which thresholds have no effect. Days as of planning.variance_window(). A worker-day with two kinds counts once in the sums. Raises 42501 without view_reports on the project, and for one that does not exist; 22023 for p_from after p_to, for an unknown method and for a threshold outside 0 to 100.';

REVOKE ALL ON FUNCTION planning.variance_summary FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.variance_summary TO tidemark_app;
