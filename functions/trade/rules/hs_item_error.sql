-- trade.hs_item_error()
-- What is wrong with one item of an import of codes, but for its parent.
-- requires: trade.hs_level_of()
-- source:   docs/trade.md, "Importing codes"

CREATE OR REPLACE FUNCTION trade.hs_item_error(code text, description text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN trade.hs_level_of(code) IS NULL THEN 'INVALID_CODE'
    WHEN description IS NULL OR description !~ '\S' THEN 'EMPTY_DESCRIPTION'
END;

COMMENT ON FUNCTION trade.hs_item_error IS
'code: its digits. NULL: nothing.';
