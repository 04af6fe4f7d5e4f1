-- trade.renewal_code()
-- Why no next version can be made; NULL: it can.
-- requires: nothing
-- source:   docs/trade.md, "Actions on declarations"

CREATE OR REPLACE FUNCTION trade.renewal_code(status text, has_next boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status NOT IN ('draft', 'active') OR has_next THEN 'INVALID_STATE' END;

COMMENT ON FUNCTION trade.renewal_code IS
'has_next: there is a next version already.';
