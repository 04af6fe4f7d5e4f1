-- planning.variance_worker_day()
-- Work of one project against its plan by resource and day, for a user who may see reports of it.
-- requires: planning.require_right(), planning.variance_window(), planning.require_thresholds(), planning.variance_worker_day_of()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_worker_day(
    p_user_id uuid,
    p_project_id uuid,
    p_from date DEFAULT NULL,
    p_to date DEFAULT NULL,
    p_is_capped boolean DEFAULT TRUE,
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
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_window record;
BEGIN
    PERFORM planning.require_right(p_user_id, 'view_reports', p_project_id);
    PERFORM planning.require_thresholds(p_allocation_threshold, p_allocation_exception, p_cost_threshold, p_cost_exception);
    SELECT win.* INTO v_window FROM planning.variance_window(p_project_id, p_from, p_to, p_is_capped) AS win;
    RETURN QUERY
    SELECT vrn.*
    FROM planning.variance_worker_day_of(
        p_project_id, v_window.first_day, v_window.last_day,
        p_allocation_threshold, p_allocation_exception, p_cost_threshold, p_cost_exception
    ) AS vrn
    ORDER BY vrn.variance_date, vrn.resource_id, vrn.variance_type COLLATE "C";
END;
$$;

COMMENT ON FUNCTION planning.variance_worker_day IS
'Days as of planning.variance_window(), kinds as of planning.variance_kinds(), by day. Raises 42501 without view_reports on the project, and for one that does not exist; 22023 for p_from after p_to and for a threshold outside 0 to 100.';

REVOKE ALL ON FUNCTION planning.variance_worker_day FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.variance_worker_day TO tidemark_app;
