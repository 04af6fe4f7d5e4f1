-- trade.rvc_content()
-- Regional value content in percent, at worst or at best; NULL: without a price.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.rvc_content(method text, is_best_case boolean, vo numeric, vn numeric, vu numeric, price numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN method = 'build-up' THEN vo + CASE WHEN is_best_case THEN vu ELSE 0 END
    ELSE price - vn - CASE WHEN is_best_case THEN 0 ELSE vu END
END * 100 / price;

COMMENT ON FUNCTION trade.rvc_content IS
'vo, vn, vu: value of originating, other and undecided materials.';
