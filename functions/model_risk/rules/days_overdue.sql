-- model_risk.days_overdue()
-- Days a model of the models list is late, counted from the end of its grace period.
-- requires: nothing
-- source:   docs/model_risk.md, "The models list"

CREATE OR REPLACE FUNCTION model_risk.days_overdue(
    next_validation_due_date date, grace_period_end date, as_of date
)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN as_of >= next_validation_due_date THEN greatest(as_of - grace_period_end, 0)
    ELSE 0
END;

COMMENT ON FUNCTION model_risk.days_overdue IS
'Zero until the due date; from then on the days since the end of grace, so it starts with a jump.';
