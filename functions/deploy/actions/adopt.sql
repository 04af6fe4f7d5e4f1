-- deploy.adopt()
-- Has a materialized view give way to the stored view of its name, which the same file declares.
-- requires: deploy_internal.remember(), deploy_internal.locks_of(), deploy_internal.lock_patiently(), deploy_internal.leave()
-- requires: deploy_internal.definition_of(), deploy_internal.attributes_of()
-- source:   docs/adopt.md

CREATE OR REPLACE FUNCTION deploy.adopt(p_view text)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_old oid := to_regclass(p_view);
    v_name text;
    v_kind text;
BEGIN
    SELECT format('%I.%I', nsp.nspname, rel.relname), rel.relkind INTO v_name, v_kind
    FROM pg_class AS rel INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid WHERE rel.oid = v_old;
    IF v_old IS NULL THEN
        -- one that stood on another, adopted a moment ago in this transaction: it need not come back in between
        INSERT INTO deploy.adopted_view AS ado (view_name, definition, attributes)
        SELECT asi.identity, asi.definition, asi.attributes
        FROM deploy.stepped_aside AS asi
        WHERE asi.kind = 'materialized view' AND asi.state = 'dropped' AND asi.identity = p_view
        ON CONFLICT (view_name) DO UPDATE SET
            definition = excluded.definition, attributes = excluded.attributes, adopted_at = now()
        RETURNING ado.view_name INTO v_name;
        IF FOUND THEN
            UPDATE deploy.stepped_aside AS asi SET state = 'stays', is_root = TRUE
            WHERE asi.kind = 'materialized view' AND asi.identity = v_name;
            RETURN format('%s makes way for a stored view', v_name);
        END IF;
    END IF;
    IF v_kind IS DISTINCT FROM 'm' THEN
        RETURN 'nothing to adopt';  -- a stored view already, or a database that never had the materialized view
    END IF;
    PERFORM deploy_internal.remember('pg_class'::regclass, ARRAY[v_old]);
    PERFORM deploy_internal.lock_patiently(deploy_internal.locks_of('pg_class'::regclass, ARRAY[v_old]), v_name);
    INSERT INTO deploy.adopted_view AS ado (view_name, definition, attributes)
    VALUES (v_name, deploy_internal.definition_of('pg_class'::regclass, v_old), deploy_internal.attributes_of('pg_class'::regclass, v_old))
    ON CONFLICT (view_name) DO UPDATE SET definition = excluded.definition, attributes = excluded.attributes, adopted_at = now();
    PERFORM deploy_internal.leave('pg_class'::regclass, v_old, TRUE);
    UPDATE deploy.stepped_aside AS asi SET state = 'stays', is_root = TRUE
    WHERE asi.kind = 'materialized view' AND asi.identity = v_name;
    RETURN format('%s makes way for a stored view', v_name);
END;
$$;

COMMENT ON FUNCTION deploy.adopt IS
'Stands before refresh.store() in the file of the stored view, and deploy.come_back() after its last refresh.affects(), all in one transaction: readers wait and never miss the name. Does nothing when the name is no materialized view.';

REVOKE ALL ON FUNCTION deploy.adopt FROM PUBLIC;
