-- refresh_internal.map_sources()
-- Records what a stored view reads and how a change in each source becomes keys.
-- requires: refresh_internal.objects_of(), refresh_internal.mapping_for()
-- source:   docs/refresh.md, "What a view reads"

CREATE OR REPLACE FUNCTION refresh_internal.map_sources(p_view refresh.stored_views, p_only text DEFAULT NULL)
RETURNS text[] LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source record;
    v_map record;
    v_kinds jsonb;
    v_names text[];
BEGIN
    -- what PostgreSQL knows, and what refresh.affects() was told beyond that
    SELECT jsonb_object_agg(found.source_name, found.kind), array_agg(found.source_name ORDER BY found.source_name COLLATE "C")
    INTO v_kinds, v_names
    FROM (
        SELECT every.source_name, min(every.kind) AS kind
        FROM (
            SELECT obj.object_name AS source_name, obj.object_kind AS kind
            FROM refresh_internal.objects_of(to_regclass(p_view.live_name)) AS obj
            WHERE obj.object_kind IN ('table', 'stored', 'other')
            UNION ALL
            SELECT dec.source_name, NULL FROM refresh.declared_mappings AS dec
            WHERE dec.view_name = p_view.view_name AND to_regclass(dec.source_name) IS NOT NULL
        ) AS every
        GROUP BY every.source_name
    ) AS found;
    v_names := coalesce(v_names, '{}'::text[]);
    FOR v_source IN
        SELECT named.name AS source_name, sv.view_id AS source_view_id, sv.mode, coalesce(v_kinds ->> named.name, 'table') AS kind
        FROM unnest(v_names) AS named (name)
        LEFT JOIN refresh.stored_views AS sv ON named.name = sv.view_name
        WHERE named.name = coalesce(p_only, named.name)
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
            map_columns = excluded.map_columns, reads = excluded.reads, is_derived = excluded.is_derived, map_reason = excluded.map_reason,
            parts = excluded.parts
        WHERE (vs.source_view_id, vs.mapping_kind, vs.mapping, vs.map_columns, vs.reads, vs.is_derived, vs.map_reason, vs.parts) IS DISTINCT FROM
            (excluded.source_view_id, excluded.mapping_kind, excluded.mapping, excluded.map_columns, excluded.reads, excluded.is_derived,
            excluded.map_reason, excluded.parts);
    END LOOP;
    RETURN v_names;
END;
$$;

COMMENT ON FUNCTION refresh_internal.map_sources IS
'Returns the names of all sources; p_only: looks at the mapping of this one alone. A row whose queue_columns are NULL is one that refresh_internal.resolve_sources() has not built anything for yet.';

REVOKE ALL ON FUNCTION refresh_internal.map_sources FROM PUBLIC;
