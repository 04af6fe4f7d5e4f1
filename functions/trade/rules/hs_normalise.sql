-- trade.hs_normalise()
-- The digits of a tariff code, six at most.
-- requires: nothing
-- source:   docs/trade.md, "Tariff codes"

CREATE OR REPLACE FUNCTION trade.hs_normalise(raw text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(regexp_replace(raw, '[^0-9]', '', 'g'), 6);

COMMENT ON FUNCTION trade.hs_normalise IS
'ASCII digits only. A product code has six.';
