-- trade.ltsd_next_change_on()
-- The day on which that changes by time alone; NULL: never.
-- requires: nothing
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_next_change_on(status text, valid_from date, valid_to date, as_of date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN status <> 'active' OR as_of > valid_to THEN NULL
    WHEN as_of < valid_from THEN valid_from
    WHEN as_of < valid_to - 90 THEN valid_to - 90
    WHEN as_of < valid_to - 60 THEN valid_to - 60
    WHEN as_of < valid_to - 30 THEN valid_to - 30
    ELSE valid_to + 1
END;

COMMENT ON FUNCTION trade.ltsd_next_change_on IS
'Start, bands, and the day after the last.';
