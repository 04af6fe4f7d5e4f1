-- clinical.integer_of()
-- Reads an id from a JSON value.
-- requires: clinical.is_integer()
-- source:   docs/clinical_writes.md, "Lists of rows"

CREATE OR REPLACE FUNCTION clinical.integer_of(value jsonb)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN clinical.is_integer(value) THEN CASE
        WHEN (value #>> '{}')::numeric BETWEEN -2147483648 AND 2147483647 THEN (value #>> '{}')::integer
    END
END;

COMMENT ON FUNCTION clinical.integer_of IS
'NULL for what is no JSON integer and for integers that no id can be.';
