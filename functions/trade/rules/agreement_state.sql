-- trade.agreement_state()
-- Where an agreement stands on a day.
-- requires: nothing
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.agreement_state(effective_date date, expiry_date date, as_of date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN as_of < effective_date THEN 'upcoming' WHEN as_of > expiry_date THEN 'expired' ELSE 'active' END;

COMMENT ON FUNCTION trade.agreement_state IS
'Both ends belong to it.';
