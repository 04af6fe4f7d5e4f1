-- model_risk.revalidation_status_of()
-- Revalidation status of one model on one day.
-- requires: model_risk.revalidation, model_risk.require_model(), refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Asking for one model"

CREATE OR REPLACE FUNCTION model_risk.revalidation_status_of(
    p_model_id integer, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
    v_status text;
BEGIN
    PERFORM model_risk.require_model(p_model_id);
    SELECT one.revalidation_status INTO v_status
    FROM model_risk.revalidation AS one
    WHERE one.model_id = p_model_id;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
    RETURN v_status;
END;
$$;

COMMENT ON FUNCTION model_risk.revalidation_status_of IS
'The row of model_risk.revalidation for one model on p_as_of, its status only. Raises P0002 for an unknown model, 22004 when an argument is NULL.';

REVOKE ALL ON FUNCTION model_risk.revalidation_status_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.revalidation_status_of TO tidemark_app;
