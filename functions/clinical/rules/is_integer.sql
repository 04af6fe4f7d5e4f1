-- clinical.is_integer()
-- Says whether a JSON value is an integer.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Lists of rows"

CREATE OR REPLACE FUNCTION clinical.is_integer(value jsonb)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(jsonb_typeof(value) = 'number' AND value::text ~ '^-?[0-9]+$', FALSE);

COMMENT ON FUNCTION clinical.is_integer IS
'False for texts, booleans and numbers with a decimal point, 1.0 included. Never NULL.';
