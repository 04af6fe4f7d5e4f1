-- trade.is_in_force()
-- Whether a day lies between two others.
-- requires: nothing
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.is_in_force(first_day date, last_day date, as_of date)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN as_of >= first_day AND (last_day IS NULL OR as_of <= last_day);

COMMENT ON FUNCTION trade.is_in_force IS
'Both ends belong to it; no last day: for ever.';
