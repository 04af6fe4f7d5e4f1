-- trade.share_of()
-- A share with four decimals; NULL of nothing.
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.share_of(part numeric, whole numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(part / nullif(whole, 0), 4);

COMMENT ON FUNCTION trade.share_of IS
'Halves are rounded away from zero.';
