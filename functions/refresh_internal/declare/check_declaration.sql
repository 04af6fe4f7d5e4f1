-- refresh_internal.check_declaration()
-- Checks what refresh.store() and refresh.affects() declared, when their transaction ends.
-- requires: refresh_internal.check_sources(), refresh_internal.apply_sources(), refresh_internal.objects_of(), refresh_internal.load_at_once(), refresh_internal.is_built()
-- requires: refresh_internal.limit_waits()
-- source:   docs/refresh.md, "From a change to keys"

-- SECURITY DEFINER because before PostgreSQL 18 a deferred trigger runs as whoever commits, an operator for example.
CREATE OR REPLACE FUNCTION refresh_internal.check_declaration(p_view_id integer)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
    v_timeout text;
BEGIN
    SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
    IF NOT FOUND THEN
        RETURN;  -- dropped later in the same transaction
    END IF;
    -- Mappings the file no longer declares give way to the derived ones. One without that stays, for psql in autocommit
    -- mode ends the transaction of store() before affects() can say the same again.
    IF v_view.declared_in = pg_current_xact_id() THEN
        DELETE FROM refresh.declared_mappings AS dec
        WHERE dec.view_name = v_view.view_name AND dec.declared_in <> v_view.declared_in
            AND (
                v_view.mode = 'full'
                OR to_regclass(dec.source_name) IS NULL
                OR EXISTS (
                    SELECT FROM refresh_internal.derived_mappings AS der
                    WHERE der.view_name = dec.view_name AND der.source_name = dec.source_name
                )
                OR NOT EXISTS (
                    SELECT FROM refresh_internal.objects_of(to_regclass(v_view.live_name)) AS obj WHERE obj.object_name = dec.source_name
                )
            );
        IF FOUND OR NOT refresh_internal.is_built(v_view.view_id) THEN
            v_timeout := refresh_internal.limit_waits();
            PERFORM refresh_internal.apply_sources(v_view);
            PERFORM refresh_internal.load_at_once(v_view.view_name);
            PERFORM set_config('lock_timeout', v_timeout, TRUE);
        END IF;
    END IF;
    PERFORM refresh_internal.check_sources(v_view.view_id);
END;
$$;

COMMENT ON FUNCTION refresh_internal.check_declaration IS
'Drops mappings the file no longer declares; raises 55000 when a source of the stored view has no mapping.';

REVOKE ALL ON FUNCTION refresh_internal.check_declaration FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.check_declaration TO tidemark_operator;
