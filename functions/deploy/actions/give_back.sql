-- deploy.give_back()
-- Turns a stored view into a materialized view of the same name, as it was before it was adopted.
-- requires: deploy_internal.remember(), deploy_internal.locks_of(), deploy_internal.lock_patiently(), deploy_internal.leave()
-- requires: deploy_internal.matview_of(), deploy.come_back(), refresh.drop_view(), refresh_internal.registered()
-- requires: refresh_internal.as_of_name()
-- source:   docs/adopt.md, "The way back"

CREATE OR REPLACE FUNCTION deploy.give_back(p_view text)
RETURNS text[] LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(p_view);
    v_public oid := to_regclass(v_view.view_name);
    v_users text;
    v_gone text[] := ARRAY(
        SELECT 'VIEW ' || gone.name
        FROM unnest(ARRAY[v_view.view_name, v_view.live_name, refresh_internal.as_of_name(v_view.view_name)]) AS gone (name)
    );
    v_statements text[];
    v_statement text;
BEGIN
    SELECT string_agg(sv.view_name, ', ' ORDER BY sv.view_name) INTO v_users
    FROM refresh.view_sources AS vs INNER JOIN refresh.stored_views AS sv USING (view_id)
    WHERE vs.source_view_id = v_view.view_id;
    IF v_users IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'dependent_objects_still_exist',
            MESSAGE = format('other stored views read %s', v_view.view_name),
            DETAIL = format('They are %s. Changes of a materialized view cannot be captured.', v_users),
            HINT = 'Give those back first.';
    END IF;
    PERFORM deploy_internal.remember('pg_class'::regclass, ARRAY[v_public]);
    PERFORM deploy_internal.lock_patiently(
        format('SELECT refresh_internal.lock_view(%s)', v_view.view_id)
        || deploy_internal.locks_of('pg_class'::regclass, ARRAY[v_public]), v_view.view_name);
    v_statements := deploy_internal.matview_of(v_view);
    PERFORM deploy_internal.leave('pg_class'::regclass, v_public, TRUE);
    PERFORM refresh.drop_view(v_view.view_name);
    EXECUTE format('DROP VIEW %s', v_view.live_name);
    FOREACH v_statement IN ARRAY v_statements LOOP
        EXECUTE v_statement;
    END LOOP;
    DELETE FROM deploy.stepped_aside AS asi
    WHERE asi.kind = 'view' AND asi.identity IN (v_view.view_name, refresh_internal.as_of_name(v_view.view_name));
    -- the files that made it count as gone, so that the next apply has nothing to drop
    DELETE FROM deploy.applied_file AS app
    WHERE app.path IN (SELECT obj.path FROM deploy.file_object AS obj WHERE obj.identity IN (v_view.view_name, v_view.live_name));
    INSERT INTO deploy.made_again (kind, identity) VALUES ('MATERIALIZED VIEW', v_view.view_name) ON CONFLICT DO NOTHING;
    IF to_regclass('deploy.expected_object') IS NOT NULL THEN
        DELETE FROM deploy.expected_object AS exo
        WHERE concat_ws(' ', exo.kind, exo.identity) = ANY (v_gone) OR exo.parents && v_gone;
    END IF;
    DELETE FROM deploy.adopted_view AS ado WHERE ado.view_name = v_view.view_name;
    RETURN deploy.come_back();
END;
$$;

COMMENT ON FUNCTION deploy.give_back IS
'One transaction; readers wait and never miss the name. Its live view and its second name go, its files must be deleted. Returns what made way and came back. Raises 2BP01 when another stored view reads it.';

REVOKE ALL ON FUNCTION deploy.give_back FROM PUBLIC;
