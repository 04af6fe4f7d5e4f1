-- clinical.first_unknown_key()
-- The first key of a JSON object that is not in a list.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Lists of rows"

CREATE OR REPLACE FUNCTION clinical.first_unknown_key(given jsonb, known text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT min(cell.name COLLATE "C")
    FROM jsonb_object_keys(CASE WHEN jsonb_typeof(given) = 'object' THEN given ELSE '{}' END) AS cell (name)
    WHERE cell.name <> ALL(known)
);

COMMENT ON FUNCTION clinical.first_unknown_key IS
'First in byte order; NULL when all are known.';
