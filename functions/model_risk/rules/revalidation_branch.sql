-- model_risk.revalidation_branch()
-- Names the rule set that dates and judges one model; the first condition that holds decides.
-- requires: nothing
-- source:   docs/model_risk.md, "The revalidation clock"

CREATE OR REPLACE FUNCTION model_risk.revalidation_branch(
    has_approved_request boolean,
    has_policy boolean,
    interim_expiration date,
    has_active_request boolean,
    submission_received date
)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN NOT has_approved_request THEN 'NEVER'
    WHEN NOT has_policy THEN 'NO_POLICY'
    WHEN interim_expiration IS NOT NULL THEN 'INTERIM'
    WHEN NOT has_active_request THEN 'NONE'
    WHEN submission_received IS NULL THEN 'NOSUB'
    ELSE 'SUB'
END;

COMMENT ON FUNCTION model_risk.revalidation_branch IS
'NEVER, NO_POLICY, INTERIM (only an interim approval that expires), NONE (no open request), NOSUB (open request, nothing submitted) or SUB (submitted).';
