-- refresh_internal.relation_named()
-- Finds a relation by its name, without the right to use its schema.
-- requires: nothing
-- source:   docs/refresh.md, "Names"

-- to_regclass() raises an error for a schema that may not be used, which would stop a look at all stored views.
-- Without SET, so that the planner takes it to pieces.
CREATE OR REPLACE FUNCTION refresh_internal.relation_named(p_name text)
RETURNS TABLE (relation_id oid)
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT rel.oid
    FROM pg_catalog.pg_namespace AS nsp
    INNER JOIN pg_catalog.pg_class AS rel ON nsp.oid = rel.relnamespace
    WHERE nsp.nspname = (pg_catalog.parse_ident(p_name))[1] AND rel.relname = (pg_catalog.parse_ident(p_name))[2];
END;

COMMENT ON FUNCTION refresh_internal.relation_named IS
'No row when there is none. p_name: schema.name as refresh_internal.qualified_name() writes it.';

REVOKE ALL ON FUNCTION refresh_internal.relation_named FROM PUBLIC;
