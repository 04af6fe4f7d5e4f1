-- model_risk.revalidation_next_change_on()
-- First day after as_of on which the revalidation status differs although no row changes.
-- requires: nothing
-- source:   docs/model_risk.md, "What changes because time passes"

CREATE OR REPLACE FUNCTION model_risk.revalidation_next_change_on(
    branch text,
    next_submission_due date,
    grace_period_end date,
    next_validation_due date,
    as_of date
)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1 + CASE branch
    WHEN 'INTERIM' THEN CASE
        WHEN as_of <= least(next_submission_due, next_validation_due)
            THEN least(next_submission_due, next_validation_due)
        WHEN as_of <= next_validation_due THEN next_validation_due
    END
    WHEN 'NOSUB' THEN CASE
        WHEN as_of <= next_submission_due THEN next_submission_due
        WHEN as_of <= grace_period_end THEN grace_period_end
    END
    WHEN 'SUB' THEN CASE
        WHEN as_of <= next_validation_due THEN next_validation_due
    END
    WHEN 'NONE' THEN CASE
        WHEN as_of <= grace_period_end THEN grace_period_end
        WHEN as_of <= next_validation_due THEN next_validation_due
    END
END;

COMMENT ON FUNCTION model_risk.revalidation_next_change_on IS
'The day after the next boundary still ahead of as_of; NULL when the status can only change with the data.';
