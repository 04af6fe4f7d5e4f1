-- trade.line_status()
-- Whether a material originates: O, not: N, or nobody knows: U.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.line_status(is_originating boolean, party text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN party IS NULL OR NOT is_originating THEN 'N' WHEN is_originating THEN 'O' ELSE 'U' END;

COMMENT ON FUNCTION trade.line_status IS
'party: that of its country of origin in the zone; NULL: in none.';
