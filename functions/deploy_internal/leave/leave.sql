-- deploy_internal.leave()
-- Takes one view or routine out of the way, and before it what stands on it.
-- requires: deploy_internal.empty(), deploy_internal.remember(), deploy_internal.standing_on(), deploy_internal.definition_of()
-- requires: deploy_internal.attributes_of()
-- source:   docs/beside.md, "What steps aside"

-- Never CASCADE: each object goes by a statement of its own, and PostgreSQL refuses whatever was not foreseen here.
CREATE OR REPLACE FUNCTION deploy_internal.leave(p_classid oid, p_objid oid, p_is_dropped boolean)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_kind text;
    v_identity text;
    v_above record;
BEGIN
    SELECT obj.type, obj.identity INTO v_kind, v_identity FROM pg_identify_object(p_classid, p_objid, 0) AS obj;
    IF v_identity IS NULL THEN
        RETURN;  -- gone with another
    END IF;
    UPDATE deploy.stepped_aside AS asi SET
        definition = coalesce(deploy_internal.definition_of(p_classid, p_objid), '{}'),
        attributes = deploy_internal.attributes_of(p_classid, p_objid)
    WHERE asi.kind = v_kind AND asi.identity = v_identity AND asi.state IN ('stays', 'again');
    IF p_is_dropped THEN
        PERFORM deploy_internal.remember(p_classid, ARRAY[p_objid]);
        FOR v_above IN SELECT sta.* FROM deploy_internal.standing_on(p_classid, p_objid) AS sta LOOP
            PERFORM deploy_internal.leave(v_above.classid, v_above.objid, v_above.must_go);
        END LOOP;
        EXECUTE format('DROP %s %s', CASE WHEN p_classid = 'pg_proc'::regclass THEN 'ROUTINE' ELSE upper(v_kind COLLATE "C") END, v_identity);
    ELSE
        PERFORM deploy_internal.empty(p_classid, p_objid);
    END IF;
    UPDATE deploy.stepped_aside AS asi SET state = CASE WHEN p_is_dropped THEN 'dropped' ELSE 'emptied' END
    WHERE asi.kind = v_kind AND asi.identity = v_identity;
END;
$$;

COMMENT ON FUNCTION deploy_internal.leave IS
'p_is_dropped: the object goes; otherwise only its text does, and its name, columns, rights and dependents stay.';

REVOKE ALL ON FUNCTION deploy_internal.leave FROM PUBLIC;
