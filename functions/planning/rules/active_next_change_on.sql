-- planning.active_next_change_on()
-- The next day on which planning.is_active_on() answers otherwise.
-- requires: nothing
-- source:   docs/planning_writes.md, "Under way"

CREATE OR REPLACE FUNCTION planning.active_next_change_on(start_date date, end_date date, as_of date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN as_of < start_date THEN start_date WHEN as_of <= end_date THEN end_date + 1 END;

COMMENT ON FUNCTION planning.active_next_change_on IS
'The first day, then the day after the last one; NULL: never again.';
