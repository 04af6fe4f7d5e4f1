-- commerce.json_number()
-- Reads a number of a JSON record.
-- requires: nothing
-- source:   docs/commerce.md, "Saving bundles"

CREATE OR REPLACE FUNCTION commerce.json_number(value jsonb)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(value) = 'number' THEN value::numeric END;

COMMENT ON FUNCTION commerce.json_number IS 'The number, unrounded; NULL when absent, null, or anything else than a number.';
