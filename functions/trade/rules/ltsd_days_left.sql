-- trade.ltsd_days_left()
-- Days that a declaration still holds; NULL: it does not.
-- requires: nothing
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_days_left(status text, valid_from date, valid_to date, as_of date)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status = 'active' AND as_of BETWEEN valid_from AND valid_to THEN valid_to - as_of END;

COMMENT ON FUNCTION trade.ltsd_days_left IS
'0 on the last day.';
