-- model_risk.is_approval_overdue()
-- Says whether an approval has run out.
-- requires: model_risk.is_revalidation_overdue()
-- source:   docs/model_risk.md, "The approval status"

CREATE OR REPLACE FUNCTION model_risk.is_approval_overdue(
    revalidation_status text, next_validation_due date, as_of date
)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN model_risk.is_revalidation_overdue(revalidation_status)
OR coalesce(as_of > next_validation_due, false);

COMMENT ON FUNCTION model_risk.is_approval_overdue IS
'Overdue for revalidation, or past the date its validation is due: the second half adds expired interim approvals without a policy.';
