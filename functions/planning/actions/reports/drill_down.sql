-- planning.drill_down()
-- Actuals of one project in a window by worker, day or phase, for a user who may see reports of it.
-- requires: planning.require_right(), planning.require_window(), planning.drill_down_of()
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE FUNCTION planning.drill_down(
    p_user_id uuid, p_project_id uuid, p_from date, p_to date, p_group_by text DEFAULT 'worker'
)
RETURNS TABLE (
    key text,
    name text,
    total_cost numeric,
    capital_cost numeric,
    expense_cost numeric,
    total_allocation numeric,
    actuals_count bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM planning.require_right(p_user_id, 'view_reports', p_project_id);
    PERFORM planning.require_window(p_from, p_to, p_group_by, ARRAY['worker', 'date', 'phase']);
    RETURN QUERY SELECT grp.* FROM planning.drill_down_of(p_project_id, p_from, p_to, p_group_by) AS grp;
END;
$$;

COMMENT ON FUNCTION planning.drill_down IS
'One row per worker, day or phase that has actuals, in byte order of the key. Raises 42501 without view_reports on the project, and for one that does not exist; 22023 for a window from after to and for an unknown grouping.';

REVOKE ALL ON FUNCTION planning.drill_down FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.drill_down TO tidemark_app;
