-- trade.price_basis()
-- The price that a percentage is of; NULL: missing.
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.price_basis(basis text, method text, ex_works_price numeric, fob_price numeric, net_cost numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN method = 'net-cost' OR basis = 'NC' THEN CASE WHEN net_cost > 0 THEN net_cost END
    WHEN basis = 'FOB' THEN CASE WHEN fob_price > 0 THEN fob_price END
    WHEN ex_works_price > 0 THEN ex_works_price
END;

COMMENT ON FUNCTION trade.price_basis IS
'Without a basis the ex-works price. Zero and less count as missing.';
