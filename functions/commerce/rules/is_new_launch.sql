-- commerce.is_new_launch()
-- Whether a product is at most 30 days old.
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.is_new_launch(product_created_at timestamptz, as_of timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(
    product_created_at <= as_of AND product_created_at >= as_of - interval '720 hours',  -- hours: no time zone has a say
    false
);

COMMENT ON FUNCTION commerce.is_new_launch IS
'Both ends count; a product without creation time, or created later, is none.';
