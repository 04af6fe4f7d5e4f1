-- refresh_internal.resolve_sources()
-- Records what a stored view reads and how each source maps to keys; builds the queues this needs.
-- requires: refresh_internal.objects_of(), refresh_internal.mapping_for(), refresh_internal.build_queue(), refresh_internal.build_capture()
-- requires: refresh_internal.build_changes(), refresh_internal.bare_names(), refresh_internal.column_type_of(), refresh_internal.parts_of()
-- source:   docs/refresh.md, "What a view reads"

CREATE OR REPLACE FUNCTION refresh_internal.resolve_sources(p_view refresh.stored_views)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source record;
    v_map record;
    v_before refresh.view_sources[];
    v_names text[] := ARRAY[]::text[];
    v_changed text[] := ARRAY[]::text[];
    v_name text;
BEGIN
    SELECT coalesce(array_agg(vs), '{}') INTO v_before FROM refresh.view_sources AS vs WHERE vs.view_id = p_view.view_id;
    -- what PostgreSQL knows, and what refresh.affects() was told beyond that
    SELECT coalesce(array_agg(DISTINCT found.object_name), '{}') INTO v_names
    FROM (
        SELECT obj.object_name FROM refresh_internal.objects_of(to_regclass(p_view.live_name)) AS obj
        WHERE obj.object_kind IN ('table', 'stored', 'other')
        UNION ALL
        SELECT dec.source_name FROM refresh.declared_mappings AS dec
        WHERE dec.view_name = p_view.view_name AND to_regclass(dec.source_name) IS NOT NULL
    ) AS found;
    FOR v_source IN
        SELECT named.name AS source_name, sv.view_id AS source_view_id, sv.mode, coalesce((
            SELECT min(obj.object_kind) FROM refresh_internal.objects_of(to_regclass(p_view.live_name)) AS obj
            WHERE obj.object_name = named.name AND obj.object_kind IN ('table', 'stored', 'other')), 'table') AS kind
        FROM unnest(v_names) AS named (name)
        LEFT JOIN refresh.stored_views AS sv ON named.name = sv.view_name
        ORDER BY named.name COLLATE "C"
    LOOP
        v_map := refresh_internal.mapping_for(p_view, v_source.source_name, v_source.kind, v_source.mode, v_names);
        INSERT INTO refresh.captured_sources (source_name) VALUES (v_source.source_name) ON CONFLICT DO NOTHING;
        INSERT INTO refresh.view_sources AS vs (
            view_id, source_name, source_view_id, mapping_kind, mapping, map_columns, reads, is_derived, map_reason, parts
        )
        VALUES (
            p_view.view_id, v_source.source_name, v_source.source_view_id, v_map.mapping_kind, v_map.mapping, v_map.map_columns,
            v_map.reads, v_map.is_derived, v_map.map_reason, v_map.parts
        )
        ON CONFLICT (view_id, source_name) DO UPDATE SET
            source_view_id = excluded.source_view_id, mapping_kind = excluded.mapping_kind, mapping = excluded.mapping,
            map_columns = excluded.map_columns, reads = excluded.reads, is_derived = excluded.is_derived, map_reason = excluded.map_reason, parts = excluded.parts
        WHERE (vs.source_view_id, vs.mapping_kind, vs.mapping, vs.map_columns, vs.reads, vs.is_derived, vs.map_reason, vs.parts) IS DISTINCT FROM
            (excluded.source_view_id, excluded.mapping_kind, excluded.mapping, excluded.map_columns, excluded.reads, excluded.is_derived,
            excluded.map_reason, excluded.parts);
    END LOOP;
    DELETE FROM refresh.view_sources AS vs WHERE vs.view_id = p_view.view_id AND vs.source_name <> ALL (v_names);
    -- a column travels through the queue when any mapping of this view needs it, of the source itself or read beside another
    UPDATE refresh.view_sources AS vs SET
        queue_columns = needed.columns, queue_types = needed.types, queue_name = needed.queue_name,
        bulk_columns = needed.bulk_columns
    FROM (
        SELECT own.source_name, part.columns, part.types,
            CASE WHEN own.mapping_kind = 'keys' AND p_view.target_lag = interval '0'
                THEN format('refresh_data.queue_%s_%s', p_view.view_id, src.source_id) END AS queue_name,
            -- of a bulk statement remains what the queries for such statements read, of the source itself or beside another
            CASE WHEN p_view.target_lag > interval '0' AND EXISTS (SELECT FROM refresh_internal.parts_of(own) AS part WHERE part.is_bulk) THEN ARRAY(
                SELECT DISTINCT needs.name
                FROM refresh.view_sources AS other
                CROSS JOIN LATERAL refresh_internal.parts_of(other) AS part
                CROSS JOIN LATERAL jsonb_array_elements_text(
                    coalesce(CASE WHEN other.source_name = own.source_name THEN part.reads -> 'changed' END, '[]')
                    || coalesce(part.reads -> named.bare_name, '[]')) AS needs (name)
                WHERE other.view_id = own.view_id AND part.is_bulk
                ORDER BY needs.name
            ) END AS bulk_columns
        FROM refresh.view_sources AS own
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        INNER JOIN refresh_internal.bare_names(v_names) AS named USING (source_name)
        CROSS JOIN LATERAL (
            SELECT
                coalesce(array_agg(att.attname::text ORDER BY att.attnum), '{}') AS columns,
                coalesce(array_agg(refresh_internal.column_type_of(att.attrelid, att.attname, FALSE) ORDER BY att.attnum), '{}') AS types
            FROM pg_attribute AS att
            WHERE att.attrelid = to_regclass(own.source_name) AND att.attnum > 0 AND NOT att.attisdropped
                AND own.mapping_kind = 'keys'
                AND EXISTS (
                    SELECT FROM refresh.view_sources AS other
                    CROSS JOIN LATERAL jsonb_array_elements_text(
                        coalesce(CASE WHEN other.source_name = own.source_name THEN other.reads -> 'changed' END, '[]')
                        || coalesce(other.reads -> named.bare_name, '[]')) AS needs (name)
                    WHERE other.view_id = own.view_id AND needs.name = att.attname
                )
        ) AS part
        WHERE own.view_id = p_view.view_id
    ) AS needed
    WHERE vs.view_id = p_view.view_id AND vs.source_name = needed.source_name
        AND (vs.queue_columns, vs.queue_types, vs.queue_name, vs.bulk_columns)
        IS DISTINCT FROM (needed.columns, needed.types, needed.queue_name, needed.bulk_columns);
    -- capture knows a new queue before it forgets an old one
    FOR v_source IN
        SELECT coalesce(new.source_name, old.source_name) AS source_name, old.queue_name
        FROM (SELECT vs.* FROM refresh.view_sources AS vs WHERE vs.view_id = p_view.view_id) AS new
        FULL JOIN unnest(v_before) AS old ON new.source_name = old.source_name
        WHERE new.source_name IS NULL OR old.source_name IS NULL
            OR (new.mapping_kind, new.mapping, new.map_columns, new.source_view_id, new.queue_name)
            IS DISTINCT FROM (old.mapping_kind, old.mapping, old.map_columns, old.source_view_id, old.queue_name)
            OR (new.queue_name IS NOT NULL AND (new.queue_columns, new.queue_types) IS DISTINCT FROM (old.queue_columns, old.queue_types))
            -- fewer columns are no change
            OR EXISTS (
                SELECT col.name, col.type FROM unnest(new.queue_columns, new.queue_types) AS col (name, type)
                EXCEPT SELECT col.name, col.type FROM unnest(old.queue_columns, old.queue_types) AS col (name, type)
            )
        ORDER BY 1
    LOOP
        v_changed := v_changed || v_source.source_name;
        PERFORM refresh_internal.build_queue(p_view.view_id, v_source.source_name, v_source.queue_name);
    END LOOP;
    FOREACH v_name IN ARRAY ARRAY(SELECT DISTINCT every.name FROM unnest(v_names || v_changed) AS every (name) ORDER BY every.name) LOOP
        PERFORM refresh_internal.build_changes(v_name);
        PERFORM refresh_internal.build_capture(v_name);
    END LOOP;
    RETURN 'sources changed: ' || nullif(array_to_string(v_changed, ', '), '');
END;
$$;

COMMENT ON FUNCTION refresh_internal.resolve_sources IS
'Brings refresh.view_sources, queues and capture in line with the live view; returns what changed in words, NULL when nothing did.';

REVOKE ALL ON FUNCTION refresh_internal.resolve_sources FROM PUBLIC;
