-- trade.country_code()
-- The code of a country as ISO has it.
-- requires: nothing
-- source:   docs/trade.md, "Parties"

CREATE OR REPLACE FUNCTION trade.country_code(country text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE country WHEN 'UK' THEN 'GB' WHEN 'EL' THEN 'GR' ELSE country END;

COMMENT ON FUNCTION trade.country_code IS
'UK is GB, EL is GR.';
