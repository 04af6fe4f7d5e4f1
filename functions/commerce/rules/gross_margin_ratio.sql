-- commerce.gross_margin_ratio()
-- What part of a price is left after the cost.
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.gross_margin_ratio(price numeric, cost numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN price > 0 THEN round((price - cost) / price, 6) END;

COMMENT ON FUNCTION commerce.gross_margin_ratio IS
'Share of the price, 6 decimals; negative below cost, NULL when the cost is unknown or the price is not above 0.';
