-- model_risk.validation_next_change_on()
-- First day after as_of on which the models-list status differs although no row changes.
-- requires: nothing
-- source:   docs/model_risk.md, "What changes because time passes"

CREATE OR REPLACE FUNCTION model_risk.validation_next_change_on(
    next_validation_due_date date, as_of date
)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN as_of < next_validation_due_date - 90 THEN next_validation_due_date - 90
    WHEN as_of < next_validation_due_date THEN next_validation_due_date
END;

COMMENT ON FUNCTION model_risk.validation_next_change_on IS
'current becomes due_soon ninety days before the due date, due_soon becomes overdue on it; NULL afterwards.';
