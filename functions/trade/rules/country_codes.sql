-- trade.country_codes()
-- The codes of countries and groups as ISO has them.
-- requires: nothing
-- source:   docs/trade.md, "Parties"

CREATE OR REPLACE FUNCTION trade.country_codes(countries text[])
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_replace(array_replace(countries, 'UK', 'GB'), 'EL', 'GR');

COMMENT ON FUNCTION trade.country_codes IS
'UK is GB, EL is GR.';
