-- model_risk.approval_at()
-- Approval status of every model on a day of your choice.
-- requires: model_risk.approval, model_risk.approval_completeness, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Asking for another day"

CREATE OR REPLACE FUNCTION model_risk.approval_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    model_id integer,
    approval_status text,
    approval_label text,
    latest_approved_request_id integer,
    latest_approved_type text,
    approvals_complete boolean,
    pending_approval_count bigint,
    is_overdue boolean,
    next_validation_due date,
    days_until_due integer,
    active_request_id integer,
    active_request_status text,
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
        apr.model_id,
        apr.approval_status,
        code.label,
        apr.latest_approved_request_id,
        apr.latest_approved_type,
        done.approvals_complete,
        done.pending_approval_count,
        apr.is_overdue,
        apr.next_validation_due,
        apr.next_validation_due - p_as_of,
        apr.active_request_id,
        apr.active_request_status,
        apr.next_change_on
    FROM model_risk.approval AS apr
    LEFT JOIN model_risk.approval_completeness AS done ON apr.model_id = done.model_id
    LEFT JOIN model_risk.approval_status_code AS code ON apr.approval_status = code.code;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.approval_at IS
'One row per model as model_risk.approval has it on p_as_of, with the state of its approvals. A tool that is only registered has no status. Raises 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.approval_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.approval_at TO tidemark_app;
