-- trade.ctc_uses_tolerance()
-- Whether the tariff shift is met only by the tolerance.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.ctc_uses_tolerance(n_hi bigint, v_hi numeric, tolerance numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(n_hi > 0 AND tolerance > 0 AND v_hi <= tolerance, FALSE);

COMMENT ON FUNCTION trade.ctc_uses_tolerance IS
'Then the verdict is less certain.';
