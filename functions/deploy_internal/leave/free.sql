-- deploy_internal.free()
-- Takes everything that names some relations out of the way, under locks.
-- requires: deploy_internal.remember(), deploy_internal.leave(), deploy_internal.dependents_of(), deploy_internal.locks_of()
-- requires: deploy_internal.lock_patiently(), deploy_internal.free_triggers()
-- source:   docs/beside.md, "What steps aside"

CREATE OR REPLACE FUNCTION deploy_internal.free(p_roots oid[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_object record;
BEGIN
    PERFORM deploy_internal.remember('pg_class'::regclass, p_roots);
    -- A stored view keeps its rows; it is declared again, because its columns or its sources may be others then.
    INSERT INTO deploy.stepped_aside AS asi (kind, identity, state, path, needs)
    SELECT 'view', sv.view_name, 'again', fil.path, ARRAY['table ' || vs.source_name]
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.stored_views AS sv USING (view_id)
    LEFT JOIN deploy.file_object AS fil ON sv.view_name = fil.identity AND fil.kind = 'stored'
    WHERE to_regclass(vs.source_name)::oid = ANY (p_roots)
    ON CONFLICT ON CONSTRAINT stepped_aside_pkey DO UPDATE SET state = 'again' WHERE asi.state = 'stays';
    PERFORM deploy_internal.lock_patiently(
        deploy_internal.locks_of('pg_class'::regclass, p_roots),
        (SELECT string_agg(root.id::regclass::text, ', ') FROM unnest(p_roots) AS root (id))
    );
    -- a definition that changed until the locks were there counts
    PERFORM deploy_internal.remember('pg_class'::regclass, p_roots);
    FOR v_object IN
        SELECT dep.classid, dep.objid, rel.relkind IS NOT DISTINCT FROM 'm' AS must_go
        FROM deploy_internal.dependents_of('pg_class'::regclass, p_roots) AS dep
        INNER JOIN deploy.stepped_aside AS asi USING (kind, identity)
        LEFT JOIN pg_class AS rel ON dep.classid = 'pg_class'::regclass AND dep.objid = rel.oid
        WHERE dep.is_direct AND asi.state = 'stays'
        ORDER BY asi.depth DESC, asi.identity
    LOOP
        PERFORM deploy_internal.leave(v_object.classid, v_object.objid, v_object.must_go);
    END LOOP;
    PERFORM deploy_internal.free_triggers(p_roots);
END;
$$;

COMMENT ON FUNCTION deploy_internal.free IS
'Raises 55P03 when somebody is in the way for too long.';

REVOKE ALL ON FUNCTION deploy_internal.free FROM PUBLIC;
