-- trade.percent_text()
-- A percentage with two decimals.
-- requires: nothing
-- source:   docs/trade.md, "Reasons"

CREATE OR REPLACE FUNCTION trade.percent_text(percentage numeric)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_char(round(percentage, 2), 'FM9999999999990.00');

COMMENT ON FUNCTION trade.percent_text IS
'Halves are rounded away from zero.';
