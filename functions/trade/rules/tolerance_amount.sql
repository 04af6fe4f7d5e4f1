-- trade.tolerance_amount()
-- What materials without a change of code may be worth together; NULL: unknown.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.tolerance_amount(de_minimis_percent numeric, excluded_chapters text[], product_hs text, ex_works_price numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN coalesce(de_minimis_percent, 0) = 0 OR left(product_hs, 2) = ANY(excluded_chapters) THEN 0
    WHEN ex_works_price > 0 THEN de_minimis_percent * ex_works_price / 100
END;

COMMENT ON FUNCTION trade.tolerance_amount IS
'Zero where the agreement has none or the chapter of the product is excluded.';
