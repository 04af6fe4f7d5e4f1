-- refresh.time_zone()
-- Names the business time zone, in which instants become calendar days.
-- requires: nothing
-- source:   docs/refresh.md, "The clock"

CREATE OR REPLACE FUNCTION refresh.time_zone()
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN COALESCE(NULLIF(current_setting('tidemark.time_zone', TRUE), ''), 'UTC');

COMMENT ON FUNCTION refresh.time_zone IS
'Business time zone from the setting tidemark.time_zone; UTC when unset. Set it per database (ALTER DATABASE), never per session.';
