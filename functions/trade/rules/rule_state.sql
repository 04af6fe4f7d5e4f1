-- trade.rule_state()
-- Where a rule stands on a day.
-- requires: nothing
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.rule_state(effective_from date, effective_to date, is_superseded boolean, as_of date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN as_of < effective_from THEN 'upcoming'
    WHEN as_of > effective_to THEN 'expired'
    WHEN is_superseded THEN 'superseded'
    ELSE 'active'
END;

COMMENT ON FUNCTION trade.rule_state IS
'is_superseded: by another rule of the agreement that is in force on that day.';
