-- refresh_internal.notice_changes()
-- Sees what changed around a stored view without anybody telling: its definition, the partitions of its sources.
-- requires: refresh_internal.catalog_stamp_of(), refresh_internal.declaration_of(), refresh_internal.change_view(), refresh_internal.apply_sources()
-- requires: refresh_internal.build_capture()
-- requires: refresh_internal.unsound_sources(), refresh_internal.objects_of(), refresh_internal.note_stamp()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.notice_changes(p_view_id integer)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
    v_state refresh.view_state;
    v_source record;
BEGIN
    SELECT vst.* INTO v_state FROM refresh.view_state AS vst WHERE vst.view_id = p_view_id;
    IF refresh_internal.catalog_stamp_of(v_state.watched_objects) IS DISTINCT FROM v_state.catalog_stamp THEN
        SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
        PERFORM refresh_internal.change_view(v_view, refresh_internal.declaration_of(
            v_view.view_name, v_view.live_name, v_view.key_columns, v_view.due_column, v_view.target_lag, v_view.full_above,
            v_view.also_by, v_view.appears));
        SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
        PERFORM refresh_internal.apply_sources(v_view);
        PERFORM refresh_internal.note_stamp(p_view_id);
    END IF;
    FOR v_source IN
        SELECT vs.source_name
        FROM refresh.view_sources AS vs
        INNER JOIN refresh_internal.unsound_sources(p_view_id) AS lost USING (source_name)
        WHERE vs.view_id = p_view_id AND vs.mapping_kind IN ('keys', 'all')
    LOOP
        PERFORM refresh_internal.build_capture(v_source.source_name);
        -- the live view may read another relation than the one that bears the name now, or a mapping need a column that is gone
        SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
        IF EXISTS (
            SELECT FROM refresh_internal.objects_of(to_regclass(v_view.live_name)) AS obj
            WHERE obj.object_kind IN ('table', 'stored', 'other') AND NOT EXISTS (
                SELECT FROM refresh.view_sources AS vs WHERE vs.view_id = p_view_id AND vs.source_name = obj.object_name
            )
        ) OR EXISTS (
            SELECT FROM refresh_internal.unsound_sources(p_view_id) AS still WHERE still.source_name = v_source.source_name
        ) THEN
            PERFORM refresh_internal.apply_sources(v_view);
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh_internal.notice_changes IS
'Called at the start of every run. A replaced view or function below the live view makes the run a whole one; new partitions are captured from here on.';

REVOKE ALL ON FUNCTION refresh_internal.notice_changes FROM PUBLIC;
