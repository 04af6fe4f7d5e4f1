-- refresh_internal.equality_of()
-- Names the operator that says whether two values of a key type are the same.
-- requires: nothing
-- source:   docs/refresh.md, "Keys"

-- Generated code runs with a pinned search_path, where a bare = on an extension's type (citext) would quietly mean another one.
-- PL/pgSQL, which keeps the plan: generating one refresh function asks more than a hundred times.
CREATE OR REPLACE FUNCTION refresh_internal.equality_of(p_type text)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_type oid := to_regtype(p_type)::oid;
    v_base oid;
    v_schema text;
    v_operator text;
BEGIN
    LOOP
        SELECT typ.typbasetype INTO v_base FROM pg_type AS typ WHERE typ.oid = v_type AND typ.typtype = 'd';
        EXIT WHEN NOT FOUND;
        v_type := v_base;
    END LOOP;
    SELECT nsp.nspname, opr.oprname INTO v_schema, v_operator
    FROM pg_opclass AS opc
    INNER JOIN pg_am AS amt ON opc.opcmethod = amt.oid AND amt.amname = 'btree'
    INNER JOIN pg_amop AS amo
        ON opc.opcfamily = amo.amopfamily AND amo.amoplefttype = v_type AND amo.amoprighttype = v_type
    INNER JOIN pg_operator AS opr ON amo.amopopr = opr.oid
    INNER JOIN pg_namespace AS nsp ON opr.oprnamespace = nsp.oid
    WHERE opc.opcintype = v_type AND opc.opcdefault AND amo.amopstrategy = 3;
    RETURN format('OPERATOR(%I.%s)', coalesce(v_schema, 'pg_catalog'), coalesce(v_operator, '='));
END;
$$;

COMMENT ON FUNCTION refresh_internal.equality_of IS
'Equality of the default B-tree order of a type, or of the type under a domain, as OPERATOR(schema.name).';

REVOKE ALL ON FUNCTION refresh_internal.equality_of FROM PUBLIC;
