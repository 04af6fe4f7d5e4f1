-- trade.hs_level_of()
-- How many digits a code of the nomenclature may have; NULL: no such code.
-- requires: nothing
-- source:   docs/trade.md, "Tariff codes"

CREATE OR REPLACE FUNCTION trade.hs_level_of(code text)
RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN code ~ '^([0-9]{2}){1,3}$' THEN length(code)::smallint END;

COMMENT ON FUNCTION trade.hs_level_of IS
'Chapter 2, heading 4, subheading 6.';
