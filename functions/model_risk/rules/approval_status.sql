-- model_risk.approval_status()
-- Says whether a model may be used; NULL for a tool that is only registered.
-- requires: nothing
-- source:   docs/model_risk.md, "The approval status"

CREATE OR REPLACE FUNCTION model_risk.approval_status(
    is_model boolean,
    has_approved_request boolean,
    is_overdue boolean,
    latest_approved_type text,
    has_substantive_request boolean
)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN NOT is_model THEN NULL
    WHEN NOT has_approved_request THEN 'NEVER_VALIDATED'
    WHEN is_overdue AND has_substantive_request THEN 'VALIDATION_IN_PROGRESS'
    WHEN is_overdue THEN 'EXPIRED'
    WHEN latest_approved_type = 'INTERIM' THEN 'INTERIM_APPROVED'
    ELSE 'APPROVED'
END;

COMMENT ON FUNCTION model_risk.approval_status IS
'One of the codes of model_risk.approval_status_code, or NULL. Pending approvals of the latest request never influence it.';
