-- commerce.stock_cover_days()
-- How long the stock lasts at the present pace.
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.stock_cover_days(available bigint, units_60d bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN units_60d > 0 THEN round(available * 60.0 / units_60d, 2) END;

COMMENT ON FUNCTION commerce.stock_cover_days IS
'Days, 2 decimals; NULL when nothing was sold or the stock is unknown, negative when oversold.';
