-- clinical.payload_code()
-- Says why a list of rows cannot be looked at.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Lists of rows"

CREATE OR REPLACE FUNCTION clinical.payload_code(payload jsonb, row_limit integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN jsonb_typeof(payload) IS DISTINCT FROM 'array' THEN 'payload_not_array'
    WHEN jsonb_array_length(payload) > row_limit THEN 'batch_too_large'
END;

COMMENT ON FUNCTION clinical.payload_code IS
'payload_not_array, batch_too_large, or NULL.';
