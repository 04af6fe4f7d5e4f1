-- deploy_internal.declare_again()
-- Declares a stored view that no file declares, with what the registry knows of it.
-- requires: refresh.store(), refresh.affects(), refresh_internal.as_of_name()
-- source:   docs/beside.md, "Stored views"

CREATE OR REPLACE FUNCTION deploy_internal.declare_again(p_identity text)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
    v_mapping refresh.declared_mappings;
BEGIN
    SELECT sv.* INTO v_view
    FROM refresh.stored_views AS sv
    WHERE p_identity IN (sv.view_name, refresh_internal.as_of_name(sv.view_name));
    IF NOT FOUND THEN
        RETURN FALSE;
    END IF;
    PERFORM refresh.store(v_view.view_name, v_view.live_name, v_view.key_columns, v_view.due_column, v_view.target_lag,
        v_view.full_above, v_view.also_by);
    FOR v_mapping IN SELECT dec.* FROM refresh.declared_mappings AS dec WHERE dec.view_name = v_view.view_name LOOP
        PERFORM refresh.affects(v_mapping.source_name, v_mapping.view_name, v_mapping.mapping);
    END LOOP;
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION deploy_internal.declare_again IS
'True when the name is one of a stored view; its mappings are told again as well.';

REVOKE ALL ON FUNCTION deploy_internal.declare_again FROM PUBLIC;
