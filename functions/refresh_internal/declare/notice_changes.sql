-- refresh_internal.notice_changes()
-- Sees what changed around a stored view without anybody telling: its definition, the partitions of its sources.
-- requires: refresh_internal.catalog_stamp_of(), refresh_internal.declaration_of(), refresh_internal.change_view(), refresh_internal.apply_sources()
-- requires: refresh_internal.relations_of(), refresh_internal.build_capture(), refresh_internal.mark_views()
-- requires: refresh_internal.unsound_sources(), refresh_internal.objects_of()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.notice_changes(p_view_id integer)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
    v_state refresh.view_state;
    v_source record;
    v_new text[];
BEGIN
    SELECT vst.* INTO v_state FROM refresh.view_state AS vst WHERE vst.view_id = p_view_id;
    IF refresh_internal.catalog_stamp_of(v_state.watched_objects) IS DISTINCT FROM v_state.catalog_stamp THEN
        SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
        PERFORM refresh_internal.change_view(v_view, refresh_internal.declaration_of(
            v_view.view_name, v_view.live_name, v_view.key_columns, v_view.due_column, v_view.target_lag, v_view.full_above,
            v_view.also_by));
        UPDATE refresh.view_state AS vst SET
            watched_objects = def.watched_objects,
            catalog_stamp = refresh_internal.catalog_stamp_of(def.watched_objects)
        FROM refresh_internal.definition_of(to_regclass(v_view.live_name)) AS def
        WHERE vst.view_id = p_view_id;
        SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
        PERFORM refresh_internal.apply_sources(v_view);
    END IF;
    FOR v_source IN
        SELECT src.source_name, src.captured_relations, refresh_internal.relations_of(src.source_name) AS relations
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        INNER JOIN refresh_internal.unsound_sources(p_view_id) AS lost USING (source_name)
        WHERE vs.view_id = p_view_id AND vs.mapping_kind IN ('keys', 'all')
        UNION ALL
        -- what left takes rows along and needs no trigger
        SELECT src.source_name, src.captured_relations, refresh_internal.relations_of(src.source_name)
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        WHERE vs.view_id = p_view_id AND vs.mapping_kind IN ('keys', 'all') AND cardinality(src.captured_relations) > 1
            AND src.captured_relations IS DISTINCT FROM refresh_internal.relations_of(src.source_name)
    LOOP
        v_new := refresh_internal.build_capture(v_source.source_name);
        -- an attached partition brings rows and a detached one takes some along; a new and empty one changes nothing
        IF EXISTS (SELECT FROM unnest(v_new) AS part (name) WHERE pg_relation_size(to_regclass(part.name)) > 0)
            OR EXISTS (SELECT unnest(v_source.captured_relations) EXCEPT SELECT unnest(v_source.relations))
            -- known relations without capture: nobody knows what happened there
            OR (v_source.relations <@ v_source.captured_relations) IS NOT FALSE THEN
            PERFORM refresh_internal.mark_views(v_source.source_name);
        END IF;
        -- the live view may read another relation than the one that bears the name now
        SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
        IF EXISTS (
            SELECT FROM refresh_internal.objects_of(to_regclass(v_view.live_name)) AS obj
            WHERE obj.object_kind IN ('table', 'stored', 'other') AND NOT EXISTS (
                SELECT FROM refresh.view_sources AS vs WHERE vs.view_id = p_view_id AND vs.source_name = obj.object_name
            )
        ) THEN
            PERFORM refresh_internal.apply_sources(v_view);
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh_internal.notice_changes IS
'Called at the start of every run. A replaced view or function below the live view makes the run a whole one; new partitions are captured from here on.';

REVOKE ALL ON FUNCTION refresh_internal.notice_changes FROM PUBLIC;
