-- planning.uuid_of_text()
-- Reads a key as files of imports write it.
-- requires: nothing
-- source:   docs/planning_writes.md, "Cells"

CREATE OR REPLACE FUNCTION planning.uuid_of_text(cell text)
RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN cell ~ '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$' THEN cell::uuid
END;

COMMENT ON FUNCTION planning.uuid_of_text IS
'NULL for what is no uuid.';
