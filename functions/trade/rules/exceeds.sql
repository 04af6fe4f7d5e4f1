-- trade.exceeds()
-- Whether a declared percentage is over its limit.
-- requires: nothing
-- source:   docs/trade.md, "Declared checks"

CREATE OR REPLACE FUNCTION trade.exceeds(percentage numeric, limit_percent numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN percentage > limit_percent + 0.000001;

COMMENT ON FUNCTION trade.exceeds IS
'With the slack of the declared checks.';
