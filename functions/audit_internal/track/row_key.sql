-- audit_internal.row_key()
-- Writes the key of a row as the log of changes holds it.
-- requires: nothing
-- source:   docs/audit.md, "Direct changes"

CREATE OR REPLACE FUNCTION audit_internal.row_key(p_row jsonb, p_columns text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN cardinality(p_columns) = 1 THEN p_row ->> p_columns[1]
    ELSE (SELECT jsonb_agg(p_row -> col.name ORDER BY col.number) FROM unnest(p_columns) WITH ORDINALITY AS col (name, number))::text
END;

COMMENT ON FUNCTION audit_internal.row_key IS
'The value of a key of one column, a JSON array of the values of several.';

REVOKE ALL ON FUNCTION audit_internal.row_key FROM PUBLIC;
