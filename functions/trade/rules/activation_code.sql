-- trade.activation_code()
-- Why a version cannot be activated; NULL: it can.
-- requires: nothing
-- source:   docs/trade.md, "Actions on declarations"

CREATE OR REPLACE FUNCTION trade.activation_code(status text, valid_to date, as_of date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status <> 'draft' THEN 'INVALID_STATE' WHEN as_of > valid_to THEN 'ALREADY_EXPIRED' END;

COMMENT ON FUNCTION trade.activation_code IS
'Only drafts, and not after their last day.';
