-- refresh_internal.bare_names()
-- The names under which mappings of a stored view read its sources.
-- requires: nothing
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.bare_names(p_sources text[])
RETURNS TABLE (source_name text, bare_name text)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        named.source_name,
        CASE
            WHEN count(*) OVER (PARTITION BY named.parts[2]) > 1 OR named.parts[2] = 'changed'
                THEN concat_ws('.', named.parts[1], named.parts[2])
            ELSE named.parts[2]
        END
    FROM (
        SELECT source.name AS source_name, parse_ident(source.name) AS parts FROM unnest(p_sources) AS source (name)
    ) AS named;
END;

COMMENT ON FUNCTION refresh_internal.bare_names IS
'The table name alone; where two sources share it, or it is changed, the text schema.table as one identifier.';

REVOKE ALL ON FUNCTION refresh_internal.bare_names FROM PUBLIC;
