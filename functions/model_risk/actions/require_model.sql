-- model_risk.require_model()
-- Refuses a model that does not exist.
-- requires: nothing
-- source:   docs/errors.md, "Model risk"

CREATE OR REPLACE FUNCTION model_risk.require_model(p_model_id integer)
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_model_id IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'null_value_not_allowed',
            MESSAGE = 'the model is missing',
            DETAIL = 'model_id is NULL.',
            HINT = 'Give the model_id of a row of model_risk.models.';
    END IF;
    IF NOT EXISTS (SELECT FROM model_risk.models AS mdl WHERE mdl.model_id = p_model_id) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('model %s not found', p_model_id),
            DETAIL = 'No row of model_risk.models has this model_id.',
            HINT = 'Check the number; a deleted model has no status.';
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.require_model IS
'Raises P0002 for an unknown model_id, 22004 for NULL; otherwise does nothing.';

REVOKE ALL ON FUNCTION model_risk.require_model FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.require_model TO tidemark_app;
