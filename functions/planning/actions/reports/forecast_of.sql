-- planning.forecast_of()
-- Budget, actual and forecast of one project, or of each of its phases, for a user who may see them.
-- requires: planning.forecast, planning.require_right(), refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/planning.md, "Roll-ups"

CREATE OR REPLACE FUNCTION planning.forecast_of(
    p_user_id uuid, p_project_id uuid, p_by_phase boolean DEFAULT FALSE, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS SETOF planning.forecast LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text;
BEGIN
    PERFORM planning.require_right(p_user_id, 'view_budget', p_project_id);
    PERFORM planning.require_right(p_user_id, 'view_forecast', p_project_id);
    v_day_before := refresh.use_as_of(p_as_of);
    RETURN QUERY
    SELECT fct.*
    FROM planning.forecast AS fct
    WHERE fct.project_id = p_project_id AND fct.entity_type = CASE WHEN p_by_phase THEN 'phase' ELSE 'project' END;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION planning.forecast_of IS
'One row, or one per phase. Raises 42501 without view_budget or view_forecast on the project, and for one that does not exist.';

REVOKE ALL ON FUNCTION planning.forecast_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.forecast_of TO tidemark_app;
