-- trade.ltsd_expiry_band()
-- How near its end is.
-- requires: nothing
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_expiry_band(days_left integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN days_left <= 30 THEN 'd30' WHEN days_left <= 60 THEN 'd60' WHEN days_left <= 90 THEN 'd90' ELSE 'none' END;

COMMENT ON FUNCTION trade.ltsd_expiry_band IS
'd30, d60, d90: that many days or fewer.';
