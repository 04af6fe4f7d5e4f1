-- trade.has_changed()
-- Whether a material became another thing by its tariff code.
-- requires: trade.ctc_digits(), trade.hs_in_scope()
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.has_changed(code text, product_hs text, ctc_level text, excluded text[])
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN length(code) >= trade.ctc_digits(ctc_level) AND left(code, trade.ctc_digits(ctc_level)) = left(product_hs, trade.ctc_digits(ctc_level))
        THEN FALSE
    WHEN trade.hs_in_scope(code, excluded) THEN FALSE
    WHEN length(code) < trade.ctc_digits(ctc_level) AND starts_with(product_hs, code) THEN NULL
    WHEN trade.hs_in_scope(code, excluded) IS NULL THEN NULL
    ELSE TRUE
END;

COMMENT ON FUNCTION trade.has_changed IS
'excluded: prefixes of inputs that never count as changed. NULL: the code is too short to tell.';
