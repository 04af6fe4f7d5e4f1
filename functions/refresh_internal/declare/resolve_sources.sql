-- refresh_internal.resolve_sources()
-- Records what a stored view reads and how each source maps to keys; builds the queues and the capture this needs.
-- requires: refresh_internal.map_sources(), refresh_internal.build_queue(), refresh_internal.build_capture(), refresh_internal.capture_body()
-- requires: refresh_internal.unsound_sources()
-- requires: refresh_internal.build_changes(), refresh_internal.bare_names(), refresh_internal.column_type_of(), refresh_internal.parts_of()
-- source:   docs/refresh.md, "What a view reads"

CREATE OR REPLACE FUNCTION refresh_internal.resolve_sources(p_view refresh.stored_views)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source record;
    v_before refresh.view_sources[];
    v_names text[];
    v_touched text[] := ARRAY[]::text[];
    v_changed text[] := ARRAY[]::text[];
    v_name text;
BEGIN
    SELECT coalesce(array_agg(vs), '{}') INTO v_before FROM refresh.view_sources AS vs WHERE vs.view_id = p_view.view_id;
    v_names := refresh_internal.map_sources(p_view);
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
        SELECT coalesce(new.source_name, old.source_name) AS source_name, old.queue_name,
            new.source_name IS NULL OR old.queue_columns IS NULL
            OR (new.mapping_kind, new.mapping, new.map_columns, new.source_view_id, new.queue_name)
            IS DISTINCT FROM (old.mapping_kind, old.mapping, old.map_columns, old.source_view_id, old.queue_name)
            OR (new.queue_name IS NOT NULL AND (new.queue_columns, new.queue_types) IS DISTINCT FROM (old.queue_columns, old.queue_types))
            -- fewer columns are no change
            OR EXISTS (
                SELECT col.name, col.type FROM unnest(new.queue_columns, new.queue_types) AS col (name, type)
                EXCEPT SELECT col.name, col.type FROM unnest(old.queue_columns, old.queue_types) AS col (name, type)
            ) AS is_change
        FROM (SELECT vs.* FROM refresh.view_sources AS vs WHERE vs.view_id = p_view.view_id) AS new
        FULL JOIN unnest(v_before) AS old ON new.source_name = old.source_name
        WHERE (new.mapping_kind, new.mapping, new.map_columns, new.source_view_id, new.queue_name, new.queue_columns, new.queue_types, new.bulk_columns)
            IS DISTINCT FROM (old.mapping_kind, old.mapping, old.map_columns, old.source_view_id, old.queue_name, old.queue_columns, old.queue_types, old.bulk_columns)
        ORDER BY 1
    LOOP
        v_touched := v_touched || v_source.source_name;
        IF v_source.is_change THEN
            v_changed := v_changed || v_source.source_name;
            PERFORM refresh_internal.build_queue(p_view.view_id, v_source.source_name, v_source.queue_name);
        END IF;
    END LOOP;
    FOREACH v_name IN ARRAY ARRAY(
        SELECT every.name FROM unnest(v_touched) AS every (name)
        UNION
        SELECT lost.source_name FROM refresh_internal.unsound_sources(p_view.view_id) AS lost
        UNION
        -- the same columns, but another expression behind a virtual one
        SELECT src.source_name
        FROM refresh.captured_sources AS src
        LEFT JOIN pg_proc AS fun ON fun.oid = to_regproc(format('refresh_data.capture_%s', src.source_id))
        WHERE src.source_name = ANY (v_names) AND EXISTS (
            SELECT FROM pg_attribute AS att
            WHERE att.attrelid = to_regclass(src.source_name) AND att.attgenerated = 'v' AND NOT att.attisdropped
        ) AND fun.prosrc IS DISTINCT FROM refresh_internal.capture_body(src.source_name)
        ORDER BY 1
    ) LOOP
        PERFORM refresh_internal.build_changes(v_name);
        PERFORM refresh_internal.build_capture(v_name);
    END LOOP;
    RETURN 'sources changed: ' || nullif(array_to_string(v_changed, ', '), '');
END;
$$;

COMMENT ON FUNCTION refresh_internal.resolve_sources IS
'Brings refresh.view_sources, queues and capture in line with the live view; returns what changed in words, NULL when nothing did.';

REVOKE ALL ON FUNCTION refresh_internal.resolve_sources FROM PUBLIC;
