-- model_risk.status_transition_at()
-- What happens next to each model, seen from a day of your choice.
-- requires: model_risk.status_transition, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Asking for another day"

CREATE OR REPLACE FUNCTION model_risk.status_transition_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    model_id integer,
    revalidation_status text,
    next_revalidation_change date,
    next_revalidation_status text,
    approval_status text,
    next_approval_change date,
    next_approval_status text,
    validation_status text,
    next_validation_status_change date,
    next_validation_status text
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY
    SELECT
        nxt.model_id,
        nxt.revalidation_status,
        nxt.next_revalidation_change,
        nxt.next_revalidation_status,
        nxt.approval_status,
        nxt.next_approval_change,
        nxt.next_approval_status,
        nxt.validation_status,
        nxt.next_validation_status_change,
        nxt.next_validation_status
    FROM model_risk.status_transition AS nxt;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.status_transition_at IS
'One row per model as model_risk.status_transition has it on p_as_of. Raises 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.status_transition_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.status_transition_at TO tidemark_app;
