-- model_risk.add_months()
-- Adds calendar months to a day, clamped to the last day of the target month.
-- requires: nothing
-- source:   docs/model_risk.md, "The revalidation clock"

CREATE OR REPLACE FUNCTION model_risk.add_months(day date, months integer)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (day + make_interval(months => months))::date;

COMMENT ON FUNCTION model_risk.add_months IS
'31 January plus one month is the last day of February. Two periods are added one after the other, never their sum: clamping happens in between.';
