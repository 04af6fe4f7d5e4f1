-- refresh_internal.create_view()
-- Registers a stored view for the first time.
-- requires: refresh_internal.create_storage(), refresh_internal.point_view(), refresh_internal.index_storage(), refresh_internal.refuse(), refresh_internal.storage_name()
-- requires: refresh_internal.note_stamp()
-- requires: refresh_internal.create_marks(), refresh_internal.create_lock()
-- source:   docs/refresh.md, "Declaring a stored view"

CREATE OR REPLACE FUNCTION refresh_internal.create_view(p_wanted refresh.stored_views)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := p_wanted;
BEGIN
    IF to_regclass(v_view.view_name) IS NOT NULL THEN
        PERFORM refresh_internal.refuse('duplicate_table', format('%s exists already and is not a stored view', v_view.view_name),
            'The engine does not take over relations it did not make.',
            'Drop or rename it, or choose another name.');
    END IF;
    v_view.view_id := nextval(pg_get_serial_sequence('refresh.stored_views', 'view_id'));
    v_view.generation := 1;
    v_view.storage_name := refresh_internal.storage_name(v_view);
    v_view.is_bypassed := FALSE;
    v_view.declared_in := pg_current_xact_id();
    INSERT INTO refresh.stored_views OVERRIDING SYSTEM VALUE SELECT v_view.*;
    INSERT INTO refresh.view_state (view_id, whole_reason) VALUES (v_view.view_id, 'never run');
    PERFORM refresh_internal.note_stamp(v_view.view_id);
    INSERT INTO refresh.key_locks (view_id, bucket)
    VALUES (v_view.view_id, 0);
    PERFORM refresh_internal.create_marks(v_view);
    PERFORM refresh_internal.create_lock(v_view.view_id);
    PERFORM refresh_internal.create_storage(v_view);
    PERFORM refresh_internal.index_storage(v_view);
    PERFORM refresh_internal.point_view(v_view, NULL);
    EXECUTE format('COMMENT ON VIEW %s IS %L', v_view.view_name,
        format('Stored rows of %s, kept by the refresh engine; see refresh.freshness for their age.', v_view.live_name));
END;
$$;

COMMENT ON FUNCTION refresh_internal.create_view IS
'Empty storage, an empty public view, registry rows. Readers see rows after the first run.';

REVOKE ALL ON FUNCTION refresh_internal.create_view FROM PUBLIC;
