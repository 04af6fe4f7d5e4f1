-- commerce.line_total()
-- What an order line is worth.
-- requires: nothing
-- source:   docs/commerce.md, "Order lines"

CREATE OR REPLACE FUNCTION commerce.line_total(
    discounted_total numeric, unit_price numeric, quantity integer, line_discount numeric
)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(discounted_total, round(unit_price * coalesce(quantity, 1) - coalesce(line_discount, 0), 2));

COMMENT ON FUNCTION commerce.line_total IS
'The stated net total, else price times quantity less discount, from the unrounded numbers: 0.335 x 3 is 1.01. No quantity: 1, no discount: 0.';
