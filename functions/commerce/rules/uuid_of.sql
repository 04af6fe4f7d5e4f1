-- commerce.uuid_of()
-- Reads an id that may be anything.
-- requires: nothing
-- source:   docs/commerce.md, "Saving bundles"

CREATE OR REPLACE FUNCTION commerce.uuid_of(id text)
RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN id ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN id::uuid
END;

COMMENT ON FUNCTION commerce.uuid_of IS 'NULL when the text is not a UUID in its usual form.';
