-- deploy_internal.remember()
-- Writes down what stands on something, and in which order, before anything of it leaves.
-- requires: deploy_internal.dependents_of(), deploy_internal.set_depths()
-- source:   docs/beside.md, "What steps aside"

CREATE OR REPLACE FUNCTION deploy_internal.remember(p_classid oid, p_roots oid[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO deploy.stepped_aside AS asi (kind, identity, state, is_root, path)
    SELECT obj.type, obj.identity, 'stays', TRUE, fil.path
    FROM unnest(p_roots) AS root (id)
    CROSS JOIN LATERAL pg_identify_object(p_classid, root.id, 0) AS obj
    LEFT JOIN deploy.file_object AS fil
        ON obj.identity = fil.identity AND (fil.kind = 'routine') = (p_classid = 'pg_proc'::regclass) AND fil.kind <> 'trigger'
    ON CONFLICT DO NOTHING;
    INSERT INTO deploy.stepped_aside AS asi (kind, identity, state, path, needs)
    SELECT dep.kind, dep.identity, 'stays', fil.path, dep.needs
    FROM deploy_internal.dependents_of(p_classid, p_roots) AS dep
    LEFT JOIN deploy.file_object AS fil
        ON dep.identity = fil.identity AND (fil.kind = 'routine') = (dep.classid = 'pg_proc'::regclass) AND fil.kind <> 'trigger'
    ON CONFLICT ON CONSTRAINT stepped_aside_pkey DO UPDATE SET
        -- what is empty or gone already tells the catalogue nothing any more
        needs = ARRAY(SELECT DISTINCT need.address FROM unnest(asi.needs || excluded.needs) AS need (address));
    PERFORM deploy_internal.set_depths();
END;
$$;

COMMENT ON FUNCTION deploy_internal.remember IS
'Rows of deploy.stepped_aside for the roots and all that stands on them; what is there already only learns what else it needs.';

REVOKE ALL ON FUNCTION deploy_internal.remember FROM PUBLIC;
