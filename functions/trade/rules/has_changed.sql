-- trade.has_changed()
-- Whether a material became another thing by its tariff code.
-- requires: trade.ctc_digits()
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.has_changed(code text, product_hs text, ctc_level text, is_excluded boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN is_excluded THEN FALSE
    WHEN left(code, trade.ctc_digits(ctc_level)) = left(product_hs, trade.ctc_digits(ctc_level)) THEN FALSE
    WHEN length(code) < trade.ctc_digits(ctc_level) AND starts_with(product_hs, code) THEN NULL
    WHEN is_excluded IS NULL THEN NULL
    ELSE TRUE
END;

COMMENT ON FUNCTION trade.has_changed IS
'is_excluded: among the inputs that never count as changed; NULL: nobody can tell. NULL: the code is too short to tell.';
