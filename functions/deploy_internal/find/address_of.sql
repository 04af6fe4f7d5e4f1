-- deploy_internal.address_of()
-- Finds an object by its kind and identity, as pg_identify_object writes them.
-- requires: nothing
-- source:   docs/beside.md, "How they come back"

CREATE OR REPLACE FUNCTION deploy_internal.address_of(p_kind text, p_identity text)
RETURNS TABLE (classid oid, objid oid) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT 'pg_class'::regclass::oid, to_regclass(p_identity)::oid
    WHERE p_kind IN ('view', 'materialized view') AND to_regclass(p_identity) IS NOT NULL
    UNION ALL
    SELECT 'pg_proc'::regclass::oid, to_regprocedure(p_identity)::oid
    WHERE p_kind IN ('function', 'procedure') AND to_regprocedure(p_identity) IS NOT NULL;
END;

COMMENT ON FUNCTION deploy_internal.address_of IS
'No row when it is gone, and none for triggers.';

REVOKE ALL ON FUNCTION deploy_internal.address_of FROM PUBLIC;
