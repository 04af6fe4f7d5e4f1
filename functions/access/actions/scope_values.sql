-- access.scope_values()
-- Every value that can be granted, as the families tell it in their views access_scope.
-- requires: nothing
-- source:   docs/access.md, "What a family declares"

CREATE OR REPLACE FUNCTION access.scope_values(p_family text DEFAULT NULL)
RETURNS TABLE (family text, scope_kind text, scope_value text, scope_label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_schema name;
BEGIN
    FOR v_schema IN
        SELECT nsp.nspname
        FROM pg_class AS cls
        INNER JOIN pg_namespace AS nsp ON cls.relnamespace = nsp.oid
        -- a view of our own: somebody else's would run his functions with our rights
        WHERE cls.relname = 'access_scope' AND cls.relkind = 'v' AND pg_has_role(current_user, cls.relowner, 'USAGE')
            AND (p_family IS NULL OR nsp.nspname = p_family)
        ORDER BY nsp.nspname
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT %L::text, sco.scope_kind::text, sco.scope_value::text, sco.scope_label::text FROM %I.access_scope AS sco',
            v_schema, v_schema
        );
    END LOOP;
END;
$$;

COMMENT ON FUNCTION access.scope_values IS
'One row per family, kind and value that exists now; scope_label: what people call it. A row without a value names a kind and says what it opens, so a kind is known before it has values.';

REVOKE ALL ON FUNCTION access.scope_values FROM PUBLIC;
