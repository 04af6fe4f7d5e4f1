-- model_risk.is_revalidation_overdue()
-- Says whether a revalidation status counts against the required cycle.
-- requires: nothing
-- source:   docs/model_risk.md, "On time or overdue"

CREATE OR REPLACE FUNCTION model_risk.is_revalidation_overdue(revalidation_status text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN revalidation_status IN (
    'Submission Overdue',
    'Submission Overdue (INTERIM)',
    'Validation Overdue',
    'Revalidation Overdue (No Request)',
    'Should Create Request',
    'INTERIM Expired - Full Validation Required'
);

COMMENT ON FUNCTION model_risk.is_revalidation_overdue IS
'True for the six overdue statuses. A model never validated, or without a policy, counts as on time.';
