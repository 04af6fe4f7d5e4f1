-- refresh_internal.mapping_parts()
-- Takes a mapping of several queries apart.
-- requires: nothing
-- source:   docs/refresh.md, "Statements that touch many rows"

CREATE OR REPLACE FUNCTION refresh_internal.mapping_parts(p_mapping text)
RETURNS TABLE (number bigint, query text, is_bulk boolean)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        part.number,
        regexp_replace(part.query COLLATE "C", '^\s*IN\s+BULK\s', '', 'i'),
        part.query COLLATE "C" ~* '^\s*IN\s+BULK\s'
    FROM regexp_split_to_table(p_mapping, ';[ \t]*\r?\n') WITH ORDINALITY AS part (query, number);
END;

COMMENT ON FUNCTION refresh_internal.mapping_parts IS
'Queries end with a semicolon at the end of a line; one that begins with IN BULK is for statements that touch many rows.';

REVOKE ALL ON FUNCTION refresh_internal.mapping_parts FROM PUBLIC;
