-- model_risk.validation_status()
-- The coarse status of the models list: due within ninety days, overdue from the due day on.
-- requires: nothing
-- source:   docs/model_risk.md, "The models list"

CREATE OR REPLACE FUNCTION model_risk.validation_status(next_validation_due_date date, as_of date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN as_of >= next_validation_due_date THEN 'overdue'
    WHEN as_of >= next_validation_due_date - 90 THEN 'due_soon'
    WHEN as_of < next_validation_due_date THEN 'current'
END;

COMMENT ON FUNCTION model_risk.validation_status IS
'One of the codes of model_risk.validation_status_code; NULL without a due date. Unlike the revalidation status, the due day itself is overdue.';
