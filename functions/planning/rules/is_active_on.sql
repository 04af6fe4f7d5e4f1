-- planning.is_active_on()
-- Says whether something that lasts from one day to another is under way.
-- requires: nothing
-- source:   docs/planning_writes.md, "Under way"

CREATE OR REPLACE FUNCTION planning.is_active_on(start_date date, end_date date, as_of date)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN as_of BETWEEN start_date AND end_date;

COMMENT ON FUNCTION planning.is_active_on IS
'Both days count. Of a portfolio its reporting days are meant.';
