-- model_risk.model_list_at()
-- Fields of the models list on a day of your choice.
-- requires: model_risk.model_list, model_risk.days_overdue(), refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Asking for another day"

CREATE OR REPLACE FUNCTION model_risk.model_list_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    model_id integer,
    last_validation_date date,
    next_validation_due_date date,
    days_until_validation_due integer,
    validation_status text,
    days_overdue integer,
    past_due_level text,
    penalty_notches integer,
    next_change_on date
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY
    SELECT
        lst.model_id,
        lst.last_validation_date,
        lst.next_validation_due_date,
        lst.next_validation_due_date - p_as_of,
        lst.validation_status,
        model_risk.days_overdue(
            lst.next_validation_due_date, lst.grace_period_end, p_as_of
        ),
        lst.past_due_level,
        lst.penalty_notches,
        lst.next_change_on
    FROM model_risk.model_list AS lst;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.model_list_at IS
'One row per model as model_risk.model_list has it on p_as_of, plus days left and days overdue. Raises 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.model_list_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.model_list_at TO tidemark_app;
