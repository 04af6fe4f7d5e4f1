-- model_risk.revalidation_at()
-- Revalidation status of every model on a day of your choice.
-- requires: model_risk.revalidation, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Asking for another day"

CREATE OR REPLACE FUNCTION model_risk.revalidation_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    model_id integer,
    revalidation_status text,
    last_validation_date date,
    next_submission_due date,
    grace_period_end date,
    next_validation_due date,
    days_until_submission_due integer,
    days_until_validation_due integer,
    active_request_id integer,
    submission_received date,
    interim_expiration date,
    most_recent_full_request_id integer,
    previous_full_request_id integer,
    is_overdue boolean,
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
        rev.model_id,
        rev.revalidation_status,
        rev.last_validation_date,
        rev.next_submission_due,
        rev.grace_period_end,
        rev.next_validation_due,
        rev.next_submission_due - p_as_of,
        rev.next_validation_due - p_as_of,
        rev.active_request_id,
        rev.submission_received,
        rev.interim_expiration,
        rev.most_recent_full_request_id,
        rev.previous_full_request_id,
        rev.is_overdue,
        rev.next_change_on
    FROM model_risk.revalidation AS rev;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.revalidation_at IS
'One row per model as model_risk.revalidation has it on p_as_of, plus the days left (negative when past). Rows are taken as they are now; only the day differs. Raises 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.revalidation_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.revalidation_at TO tidemark_app;
