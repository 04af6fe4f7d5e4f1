-- refresh_internal.bare_mapping()
-- Writes a mapping so that it reads the sources of its view under their bare names.
-- requires: refresh_internal.bare_names()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.bare_mapping(p_mapping text, p_sources text[])
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source record;
    v_mapping text := p_mapping;
BEGIN
    FOR v_source IN
        SELECT
            regexp_replace(regexp_replace(named.source_name, '([*+?^$(){}|.\\\[\]])', '\\\1', 'g'), '\\\.', '\s*\.\s*') AS pattern,
            quote_ident(named.bare_name) AS bare_name
        FROM refresh_internal.bare_names(p_sources) AS named
    LOOP
        -- not followed by another dot: schema.table.column is a column
        v_mapping := regexp_replace(v_mapping, '(^|[^\w.$"])' || v_source.pattern || '(?![\w$"])', '\1' || v_source.bare_name, 'gi');
    END LOOP;
    RETURN v_mapping;
END;
$$;

COMMENT ON FUNCTION refresh_internal.bare_mapping IS
'The text with schema.table replaced wherever schema.table is one of the sources; a proposal for a person, checked like any mapping.';

REVOKE ALL ON FUNCTION refresh_internal.bare_mapping FROM PUBLIC;
