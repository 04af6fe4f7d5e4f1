-- model_risk.approval_next_change_on()
-- Day on which an approval that still holds runs out although no row changes.
-- requires: nothing
-- source:   docs/model_risk.md, "What changes because time passes"

CREATE OR REPLACE FUNCTION model_risk.approval_next_change_on(
    is_model boolean,
    branch text,
    next_submission_due date,
    grace_period_end date,
    next_validation_due date,
    as_of date
)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1 + CASE
    WHEN NOT is_model THEN NULL
    WHEN branch IN ('NO_POLICY', 'SUB') AND as_of <= next_validation_due THEN next_validation_due
    WHEN branch = 'INTERIM' AND as_of <= least(next_submission_due, next_validation_due)
        THEN least(next_submission_due, next_validation_due)
    WHEN branch IN ('NOSUB', 'NONE') AND as_of <= grace_period_end THEN grace_period_end
END;

COMMENT ON FUNCTION model_risk.approval_next_change_on IS
'An approval runs out at most once; NULL afterwards, and where only the data can change it.';
