-- planning.is_rate_on()
-- Says whether a rate holds on a day.
-- requires: nothing
-- source:   docs/planning_writes.md, "Rates"

CREATE OR REPLACE FUNCTION planning.is_rate_on(start_date date, end_date date, as_of date)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN start_date <= as_of AND (end_date IS NULL OR as_of <= end_date);

COMMENT ON FUNCTION planning.is_rate_on IS
'First and last day count; end_date NULL: the rate is open. The one place that decides: prices of plans, of actuals and of reports ask it.';
