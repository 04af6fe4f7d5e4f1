-- planning.variance_presence()
-- Days of one project with work and no plan or a plan and no work, for a user who may see reports of it.
-- requires: planning.require_right(), planning.variance_window(), planning.variance_presence_of()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_presence(
    p_user_id uuid,
    p_project_id uuid,
    p_from date DEFAULT NULL,
    p_to date DEFAULT NULL,
    p_is_capped boolean DEFAULT TRUE
)
RETURNS TABLE (
    variance_type text,
    worker_id text,
    variance_date date,
    assignment_id uuid,
    forecast_allocation numeric,
    actual_allocation numeric,
    forecast_cost numeric,
    actual_cost numeric
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_window record;
BEGIN
    PERFORM planning.require_right(p_user_id, 'view_reports', p_project_id);
    SELECT win.* INTO v_window FROM planning.variance_window(p_project_id, p_from, p_to, p_is_capped) AS win;
    RETURN QUERY
    SELECT vrn.*
    FROM planning.variance_presence_of(p_project_id, v_window.first_day, v_window.last_day) AS vrn
    ORDER BY vrn.variance_date, vrn.variance_type COLLATE "C", vrn.worker_id COLLATE "C", vrn.assignment_id;
END;
$$;

COMMENT ON FUNCTION planning.variance_presence IS
'For comparison with systems that look only at whether a day has anything. Days as of planning.variance_window(), by day. forecast_cost is NULL for an assignment without work. Raises 42501 without view_reports on the project, and for one that does not exist; 22023 for p_from after p_to.';

REVOKE ALL ON FUNCTION planning.variance_presence FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.variance_presence TO tidemark_app;
