-- model_risk.revalidation_status()
-- Says where a model stands in its revalidation cycle at the end of one day.
-- requires: nothing
-- source:   docs/model_risk.md, "The thirteen revalidation statuses"

CREATE OR REPLACE FUNCTION model_risk.revalidation_status(
    branch text,
    next_submission_due date,
    grace_period_end date,
    next_validation_due date,
    as_of date
)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE branch
    WHEN 'NEVER' THEN 'Never Validated'
    WHEN 'NO_POLICY' THEN 'No Policy Configured'
    WHEN 'INTERIM' THEN CASE
        WHEN as_of > next_validation_due THEN 'INTERIM Expired - Full Validation Required'
        WHEN as_of > next_submission_due THEN 'Submission Overdue (INTERIM)'
        ELSE 'Pending Full Validation'
    END
    WHEN 'NOSUB' THEN CASE  -- stays a late submission even when the validation is late as well
        WHEN as_of > grace_period_end THEN 'Submission Overdue'
        WHEN as_of > next_submission_due THEN 'In Grace Period'
        ELSE 'Awaiting Submission'
    END
    WHEN 'SUB' THEN CASE
        WHEN as_of > next_validation_due THEN 'Validation Overdue'
        ELSE 'Validation In Progress'
    END
    WHEN 'NONE' THEN CASE
        WHEN as_of > next_validation_due THEN 'Revalidation Overdue (No Request)'
        WHEN as_of > grace_period_end THEN 'Should Create Request'
        ELSE 'Upcoming'
    END
END;

COMMENT ON FUNCTION model_risk.revalidation_status IS
'One of the thirteen codes of model_risk.revalidation_status_code. A due day itself is on time: a status changes the day after.';
