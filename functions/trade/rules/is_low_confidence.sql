-- trade.is_low_confidence()
-- Whether a verdict deserves a second look.
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.is_low_confidence(status text, confidence numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN status <> 'disqualified' AND confidence < 0.7;

COMMENT ON FUNCTION trade.is_low_confidence IS
'Below 0.7, unless it disqualifies.';
