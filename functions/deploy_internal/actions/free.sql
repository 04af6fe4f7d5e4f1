-- deploy_internal.free()
-- One attempt to take everything that names some relations out of the way, and to lock them.
-- requires: deploy_internal.remember(), deploy_internal.leave(), deploy_internal.dependents_of(), deploy_internal.standing_on()
-- requires: deploy_internal.limit_wait()
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
    -- a run holds this lock before it touches the tables: the same order here
    FOR v_object IN
        SELECT sv.view_id
        FROM refresh.stored_views AS sv
        INNER JOIN deploy.stepped_aside AS asi ON asi.kind = 'view' AND sv.view_name = asi.identity
        WHERE asi.state = 'again'
        ORDER BY sv.view_id
    LOOP
        PERFORM deploy_internal.limit_wait();
        PERFORM pg_advisory_xact_lock(hashtext('tidemark.refresh'), v_object.view_id);
    END LOOP;
    FOR v_object IN
        SELECT dep.classid, dep.objid, dep.kind, dep.identity, dep.is_direct AND asi.state = 'stays' AS leaves,
            rel.relkind IS NOT DISTINCT FROM 'm' AS must_go, pg_get_userbyid(rel.relowner) AS owner
        FROM deploy_internal.dependents_of('pg_class'::regclass, p_roots) AS dep
        INNER JOIN deploy.stepped_aside AS asi USING (kind, identity)
        LEFT JOIN pg_class AS rel ON dep.classid = 'pg_class'::regclass AND dep.objid = rel.oid
        WHERE asi.state IN ('stays', 'again')
        ORDER BY asi.depth DESC, asi.identity
    LOOP
        IF v_object.leaves THEN
            PERFORM deploy_internal.leave(v_object.classid, v_object.objid, v_object.must_go);
        ELSIF v_object.owner IS NOT NULL THEN
            -- It may have to leave later, when what it reads comes back in another shape. A reader that came in until then
            -- would wait for the tables, and we for the reader. LOCK TABLE would lock every table below as well.
            PERFORM deploy_internal.limit_wait();
            BEGIN
                EXECUTE format('ALTER %s %s OWNER TO %I', upper(v_object.kind), v_object.identity, v_object.owner);
            EXCEPTION
                WHEN insufficient_privilege THEN
                    NULL;  -- told when it really must leave
            END;
        END IF;
    END LOOP;
    FOR v_object IN
        SELECT rel.oid::regclass AS relation FROM pg_class AS rel WHERE rel.oid = ANY (p_roots) AND rel.relkind IN ('r', 'p')
    LOOP
        PERFORM deploy_internal.limit_wait();
        EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', v_object.relation);
    END LOOP;
    PERFORM deploy_internal.free_triggers(p_roots);
END;
$$;

COMMENT ON FUNCTION deploy_internal.free IS
'Raises 55P03 or 40P01 when somebody is in the way for longer than the attempt lasts.';

REVOKE ALL ON FUNCTION deploy_internal.free FROM PUBLIC;
