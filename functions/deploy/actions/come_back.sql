-- deploy.come_back()
-- Makes everything again that stepped aside in this transaction.
-- requires: deploy_internal.make_again(), deploy_internal.recapture(), deploy_internal.finish_adopting()
-- source:   docs/beside.md

CREATE OR REPLACE FUNCTION deploy.come_back()
RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_thing deploy.stepped_aside;
    v_back text[] := ARRAY[]::text[];
BEGIN
    -- An adopted view is filled once it is known what changes of its sources mean. Calls of refresh.affects() or the runner's
    -- derived mappings may follow, and another come_back() after them.
    IF EXISTS (
        SELECT FROM deploy.stepped_aside AS asi
        INNER JOIN deploy.adopted_view AS ado ON asi.identity = ado.view_name
        INNER JOIN refresh.stored_views AS sv ON asi.identity = sv.view_name
        INNER JOIN refresh.view_sources AS vs USING (view_id)
        WHERE asi.kind = 'materialized view' AND asi.is_root AND vs.mapping_kind = 'missing'
    ) THEN
        RETURN v_back;
    END IF;
    PERFORM deploy_internal.finish_adopting();
    LOOP
        -- the lowest first; what stands on it may have to step aside on the way
        SELECT asi.* INTO v_thing
        FROM deploy.stepped_aside AS asi
        WHERE asi.state IN ('emptied', 'dropped', 'again')
        ORDER BY asi.depth, asi.kind, asi.identity
        LIMIT 1;
        EXIT WHEN NOT FOUND;
        PERFORM deploy_internal.make_again(v_thing);
        v_back := v_back || concat_ws(' ', v_thing.kind, v_thing.identity);
    END LOOP;
    PERFORM deploy_internal.recapture();
    -- what was declared again is checked here: before version 18 COMMIT would check it with the rights of the caller
    SET CONSTRAINTS refresh.stored_views_at_commit_check IMMEDIATE;
    SET CONSTRAINTS refresh.stored_views_at_commit_check DEFERRED;
    DELETE FROM deploy.stepped_aside;
    RETURN v_back;
END;
$$;

COMMENT ON FUNCTION deploy.come_back IS
'Returns what came back, in order; an empty array when nothing had stepped aside. Raises the error of whatever no longer fits, with file and line, and the migration is undone with it.';

REVOKE ALL ON FUNCTION deploy.come_back FROM PUBLIC;
