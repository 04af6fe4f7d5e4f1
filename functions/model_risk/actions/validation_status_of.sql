-- model_risk.validation_status_of()
-- Models-list status of one model on one day.
-- requires: model_risk.model_list, model_risk.require_model(), refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Asking for one model"

CREATE OR REPLACE FUNCTION model_risk.validation_status_of(
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
    SELECT one.validation_status INTO v_status
    FROM model_risk.model_list AS one
    WHERE one.model_id = p_model_id;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
    RETURN v_status;
END;
$$;

COMMENT ON FUNCTION model_risk.validation_status_of IS
'The row of model_risk.model_list for one model on p_as_of, its status only; NULL without a policy or a completed approval. Raises P0002 for an unknown model, 22004 when an argument is NULL.';

REVOKE ALL ON FUNCTION model_risk.validation_status_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.validation_status_of TO tidemark_app;
