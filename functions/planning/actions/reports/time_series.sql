-- planning.time_series()
-- Actuals of one project by day, week or month with running totals, for a user who may see reports of it.
-- requires: planning.require_right(), planning.require_window(), planning.time_series_of()
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE FUNCTION planning.time_series(
    p_user_id uuid, p_project_id uuid, p_from date, p_to date, p_period text DEFAULT 'monthly'
)
RETURNS TABLE (
    period_no integer,
    period_start date,
    period_end date,
    total_cost numeric,
    capital_cost numeric,
    expense_cost numeric,
    actuals_count bigint,
    cumulative_total numeric,
    cumulative_capital numeric,
    cumulative_expense numeric,
    cumulative_utilization_pct numeric
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM planning.require_right(p_user_id, 'view_reports', p_project_id);
    PERFORM planning.require_window(p_from, p_to, p_period, ARRAY['daily', 'weekly', 'monthly']);
    RETURN QUERY SELECT ser.* FROM planning.time_series_of(p_project_id, p_from, p_to, p_period) AS ser ORDER BY ser.period_no;
END;
$$;

COMMENT ON FUNCTION planning.time_series IS
'One row per period, also for one without actuals. Raises 42501 without view_reports on the project, and for one that does not exist; 22023 for a window from after to and for an unknown period.';

REVOKE ALL ON FUNCTION planning.time_series FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.time_series TO tidemark_app;
