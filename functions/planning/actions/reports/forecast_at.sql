-- planning.forecast_at()
-- Budget, actual and forecast of everything on a day of your choice.
-- requires: planning.forecast, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE FUNCTION planning.forecast_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS SETOF planning.forecast LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY SELECT fct.* FROM planning.forecast AS fct;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION planning.forecast_at IS
'planning.forecast on p_as_of. It asks for no user, so it is for the owner and his jobs; applications call planning.forecast_of() and planning.program_rollup().';

REVOKE ALL ON FUNCTION planning.forecast_at FROM PUBLIC;
