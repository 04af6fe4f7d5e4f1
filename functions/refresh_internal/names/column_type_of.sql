-- refresh_internal.column_type_of()
-- Writes the type of a column as a definition needs it, with its collation where that is not the type's own.
-- requires: nothing
-- source:   docs/refresh.md, "Where the rows are"

CREATE OR REPLACE FUNCTION refresh_internal.column_type_of(p_relation regclass, p_column text, p_with_modifier boolean DEFAULT TRUE)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT concat_ws(
        ' COLLATE ',
        format_type(att.atttypid, CASE WHEN p_with_modifier THEN att.atttypmod ELSE -1 END),
        CASE WHEN att.attcollation <> typ.typcollation THEN format('%I.%I', nsp.nspname, col.collname) END
    )
    FROM pg_attribute AS att
    INNER JOIN pg_type AS typ ON att.atttypid = typ.oid
    LEFT JOIN pg_collation AS col ON att.attcollation = col.oid
    LEFT JOIN pg_namespace AS nsp ON col.collnamespace = nsp.oid
    WHERE att.attrelid = p_relation AND att.attname = p_column AND NOT att.attisdropped;
END;

COMMENT ON FUNCTION refresh_internal.column_type_of IS
'For example numeric(5,2) or text COLLATE pg_catalog."C"; NULL when the relation has no such column.';

REVOKE ALL ON FUNCTION refresh_internal.column_type_of FROM PUBLIC;
