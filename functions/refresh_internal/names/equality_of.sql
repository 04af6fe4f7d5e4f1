-- refresh_internal.equality_of()
-- Names the operator that says whether two values of a key type are the same.
-- requires: nothing
-- source:   docs/refresh.md, "Keys"

-- Generated code runs with a pinned search_path, where a bare = on an extension's type (citext) would quietly mean another one.
CREATE OR REPLACE FUNCTION refresh_internal.equality_of(p_type text)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE base AS (
        SELECT typ.oid, typ.typtype, typ.typbasetype FROM pg_type AS typ WHERE typ.oid = to_regtype(p_type)::oid
        UNION ALL
        SELECT typ.oid, typ.typtype, typ.typbasetype
        FROM base
        INNER JOIN pg_type AS typ ON base.typbasetype = typ.oid
    )

    SELECT format('OPERATOR(%I.%s)', COALESCE(own.schema_name, 'pg_catalog'), COALESCE(own.operator_name, '='))
    FROM base
    LEFT JOIN LATERAL (
        SELECT nsp.nspname AS schema_name, opr.oprname AS operator_name
        FROM pg_opclass AS opc
        INNER JOIN pg_am AS amt ON opc.opcmethod = amt.oid AND amt.amname = 'btree'
        INNER JOIN pg_amop AS amo
            ON opc.opcfamily = amo.amopfamily AND amo.amoplefttype = base.oid AND amo.amoprighttype = base.oid
        INNER JOIN pg_operator AS opr ON amo.amopopr = opr.oid
        INNER JOIN pg_namespace AS nsp ON opr.oprnamespace = nsp.oid
        WHERE opc.opcintype = base.oid AND opc.opcdefault AND amo.amopstrategy = 3
    ) AS own ON TRUE
    WHERE base.typtype <> 'd';
END;

COMMENT ON FUNCTION refresh_internal.equality_of IS
'Equality of the default B-tree order of a type, or of the type under a domain, as OPERATOR(schema.name).';

REVOKE ALL ON FUNCTION refresh_internal.equality_of FROM PUBLIC;
