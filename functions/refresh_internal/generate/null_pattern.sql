-- refresh_internal.null_pattern()
-- Writes the condition that picks the keys one generated statement serves.
-- requires: nothing
-- source:   docs/refresh.md, "Keys"

CREATE OR REPLACE FUNCTION refresh_internal.null_pattern(p_columns text[], p_null_columns text[])
RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE
        WHEN p_null_columns IS NULL THEN string_agg(format('%I IS NULL', col.name), ' OR ')
        ELSE string_agg(
            format('%I IS %sNULL', col.name, CASE WHEN col.name <> ALL(p_null_columns) THEN 'NOT ' END), ' AND '
        )
    END
    FROM unnest(p_columns) AS col (name);
END;

COMMENT ON FUNCTION refresh_internal.null_pattern IS
'True for keys whose parts p_null_columns are NULL and the others not; p_null_columns NULL: for keys with any NULL part.';

REVOKE ALL ON FUNCTION refresh_internal.null_pattern FROM PUBLIC;
