-- refresh_internal.qualified_name()
-- Turns a name as a person writes it into the one spelling the registry uses.
-- requires: nothing
-- source:   docs/refresh.md, "Names"

CREATE OR REPLACE FUNCTION refresh_internal.qualified_name(p_name text)
RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_parts text[];
BEGIN
    BEGIN
        v_parts := parse_ident(p_name);
    EXCEPTION
        WHEN invalid_parameter_value THEN
            v_parts := NULL;
    END;
    IF array_length(v_parts, 1) IS DISTINCT FROM 2 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_name',
            MESSAGE = format('"%s" does not name a relation with its schema', coalesce(p_name, 'NULL')),
            DETAIL = 'The refresh engine never looks along search_path.',
            HINT = 'Write schema and name, such as model_risk.revalidation_by_model.';
    END IF;
    RETURN format('%I.%I', v_parts[1], v_parts[2]);
END;
$$;

COMMENT ON FUNCTION refresh_internal.qualified_name IS
'schema.name, each part quoted only where it must be. Raises 42602 when the schema is missing.';

REVOKE ALL ON FUNCTION refresh_internal.qualified_name FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.qualified_name TO tidemark_operator;
