-- refresh_internal.resolve_sources()
-- Records what a stored view reads and how each source maps to keys; builds the queues this needs.
-- requires: refresh_internal.objects_of(), refresh_internal.mapping_for(), refresh_internal.build_queue(), refresh_internal.build_capture()
-- source:   docs/refresh.md, "What a view reads"

CREATE OR REPLACE FUNCTION refresh_internal.resolve_sources(p_view refresh.stored_views)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source record;
    v_map record;
    v_old refresh.view_sources;
    v_changed text[] := ARRAY[]::text[];
BEGIN
    FOR v_source IN
        -- what PostgreSQL knows, and what refresh.affects() was told beyond that
        SELECT found.object_name AS source_name, min(found.object_kind) AS kind, sv.view_id AS source_view_id, sv.mode
        FROM (
            SELECT obj.object_name, obj.object_kind FROM refresh_internal.objects_of(to_regclass(p_view.live_name)) AS obj
            WHERE obj.object_kind IN ('table', 'stored', 'other')
            UNION ALL
            SELECT dec.source_name, 'table' FROM refresh.declared_mappings AS dec
            WHERE dec.view_name = p_view.view_name AND to_regclass(dec.source_name) IS NOT NULL
        ) AS found
        LEFT JOIN refresh.stored_views AS sv ON found.object_name = sv.view_name
        GROUP BY found.object_name, sv.view_id, sv.mode
        ORDER BY found.object_name COLLATE "C"
    LOOP
        v_map := refresh_internal.mapping_for(p_view, v_source.source_name, v_source.kind, v_source.mode);
        SELECT vs.* INTO v_old FROM refresh.view_sources AS vs
        WHERE vs.view_id = p_view.view_id AND vs.source_name = v_source.source_name;
        CONTINUE WHEN v_old.mapping_kind = v_map.mapping_kind
            AND v_old.mapping IS NOT DISTINCT FROM v_map.mapping
            AND v_old.map_columns IS NOT DISTINCT FROM v_map.map_columns
            AND v_old.queue_types IS NOT DISTINCT FROM v_map.queue_types
            AND v_old.source_view_id IS NOT DISTINCT FROM v_source.source_view_id;
        v_changed := v_changed || v_source.source_name;
        INSERT INTO refresh.captured_sources (source_name) VALUES (v_source.source_name) ON CONFLICT DO NOTHING;
        INSERT INTO refresh.view_sources AS vs (
            view_id, source_name, source_view_id, mapping_kind, mapping, map_columns, queue_columns, queue_types, queue_name
        )
        SELECT
            p_view.view_id, v_source.source_name, v_source.source_view_id, v_map.mapping_kind, v_map.mapping,
            v_map.map_columns, v_map.queue_columns, v_map.queue_types,
            CASE WHEN v_map.mapping_kind = 'keys' THEN format('refresh_data.queue_%s_%s', p_view.view_id, src.source_id) END
        FROM refresh.captured_sources AS src
        WHERE src.source_name = v_source.source_name
        ON CONFLICT (view_id, source_name) DO UPDATE SET
            source_view_id = excluded.source_view_id,
            mapping_kind = excluded.mapping_kind,
            mapping = excluded.mapping,
            map_columns = excluded.map_columns,
            queue_columns = excluded.queue_columns,
            queue_types = excluded.queue_types,
            queue_name = excluded.queue_name;
        PERFORM refresh_internal.build_queue(p_view.view_id, v_source.source_name);
        PERFORM refresh_internal.build_capture(v_source.source_name);
    END LOOP;
    -- sources the definition no longer reads; capture forgets a queue before the queue goes
    FOR v_old IN
        DELETE FROM refresh.view_sources AS vs
        WHERE vs.view_id = p_view.view_id
            AND NOT EXISTS (
                SELECT FROM refresh_internal.objects_of(to_regclass(p_view.live_name)) AS obj
                WHERE obj.object_name = vs.source_name AND obj.object_kind IN ('table', 'stored', 'other')
            )
            AND NOT EXISTS (
                SELECT FROM refresh.declared_mappings AS dec
                WHERE dec.view_name = p_view.view_name AND dec.source_name = vs.source_name
                    AND to_regclass(dec.source_name) IS NOT NULL
            )
        RETURNING vs.*
    LOOP
        v_changed := v_changed || v_old.source_name;
        PERFORM refresh_internal.build_capture(v_old.source_name);
        IF v_old.queue_name IS NOT NULL THEN
            EXECUTE format('DROP TABLE IF EXISTS %s', v_old.queue_name);
        END IF;
    END LOOP;
    RETURN 'sources changed: ' || nullif(array_to_string(v_changed, ', '), '');
END;
$$;

COMMENT ON FUNCTION refresh_internal.resolve_sources IS
'Brings refresh.view_sources, queues and capture in line with the live view; returns what changed in words, NULL when nothing did.';

REVOKE ALL ON FUNCTION refresh_internal.resolve_sources FROM PUBLIC;
