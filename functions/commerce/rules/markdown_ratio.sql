-- commerce.markdown_ratio()
-- How far a price lies below the former one.
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.markdown_ratio(compare_at_price numeric, price numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN compare_at_price > 0 AND price > 0 THEN round((compare_at_price - price) / compare_at_price, 6)
END;

COMMENT ON FUNCTION commerce.markdown_ratio IS
'Share of compare_at_price, 6 decimals; negative when the price rose, NULL unless both prices are above 0.';
