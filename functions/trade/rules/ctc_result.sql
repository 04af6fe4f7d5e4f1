-- trade.ctc_result()
-- Whether the tariff shift is met.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.ctc_result(n_hi bigint, v_hi numeric, n_lo bigint, v_lo numeric, tolerance numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN n_hi = 0 THEN TRUE
    WHEN tolerance > 0 AND v_hi <= tolerance THEN TRUE
    WHEN n_lo > 0 AND (tolerance = 0 OR v_lo > tolerance) THEN FALSE
END;

COMMENT ON FUNCTION trade.ctc_result IS
'hi: materials that fail or may fail, lo: that fail for certain; number and value. tolerance NULL: unknown. NULL: undecided.';
