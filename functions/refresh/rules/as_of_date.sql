-- refresh.as_of_date()
-- The business day for which rules and live views answer.
-- requires: refresh.now(), refresh.time_zone()
-- source:   docs/refresh.md, "The clock"

CREATE OR REPLACE FUNCTION refresh.as_of_date()
RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN (refresh.now() AT TIME ZONE refresh.time_zone())::date;

COMMENT ON FUNCTION refresh.as_of_date IS
'Calendar day of refresh.now() in the business time zone; the session TimeZone plays no part.';
