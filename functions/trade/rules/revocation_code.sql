-- trade.revocation_code()
-- Why a version cannot be revoked; NULL: it can.
-- requires: nothing
-- source:   docs/trade.md, "Actions on declarations"

CREATE OR REPLACE FUNCTION trade.revocation_code(status text, reason text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN status NOT IN ('draft', 'active') THEN 'INVALID_STATE'
    WHEN reason IS NULL OR length(reason) NOT BETWEEN 10 AND 500 THEN 'INVALID_REASON'
END;

COMMENT ON FUNCTION trade.revocation_code IS
'The state is looked at first.';
