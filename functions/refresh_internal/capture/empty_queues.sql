-- refresh_internal.empty_queues()
-- Gives back the space of changes that every stored view has seen.
-- requires: refresh_internal.build_capture(), refresh_internal.new_rows(), refresh_internal.index_queue()
-- source:   docs/refresh.md, "Capture"

-- TRUNCATE needs no vacuum and no old snapshot holds it back. It takes the table that writers do not fill, or both once nobody
-- has written for a minute, so that a quiet source costs a tick nothing; and only when nobody is in the way at this moment. A
-- row written meanwhile by a slow writer is no obstacle, for both tables are read.
CREATE OR REPLACE FUNCTION refresh_internal.empty_queues()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source record;
    v_look text;
    v_is_needed boolean;
    v_timeout text := current_setting('lock_timeout');
    v_count integer := 0;
BEGIN
    FOR v_source IN
        SELECT src.source_id, src.source_name, side.name = src.active AS is_active, side.queue_name,
            coalesce(pg_relation_size(to_regclass(side.queue_name)), 0) AS bytes
        FROM refresh.captured_sources AS src
        CROSS JOIN LATERAL (
            SELECT part.name, format('refresh_data.changes_%s_%s', src.source_id, part.name) AS queue_name
            FROM (VALUES ('a'), ('b')) AS part (name)
        ) AS side
        -- the table that writers do not fill comes first: once it is empty the two change places
        ORDER BY src.source_id, is_active
    LOOP
        CONTINUE WHEN v_source.bytes = 0;
        v_look := format(
            'SELECT EXISTS (SELECT FROM refresh.view_sources AS vs INNER JOIN refresh.view_state AS vst USING (view_id) '
            'INNER JOIN refresh.stored_views AS sv USING (view_id) '
            'WHERE vs.source_name = %L AND vs.mapping_kind IN (''keys'', ''all'') AND sv.target_lag > interval ''0'' '
            'AND vst.whole_reason IS NULL AND vst.seen IS NOT NULL AND EXISTS (SELECT FROM (%s) AS rest)) '
            'OR (%L AND EXISTS (SELECT FROM %s AS rest WHERE rest.tidemark_at > clock_timestamp() - interval ''1 minute''))',
            v_source.source_name,
            refresh_internal.new_rows(v_source.source_id, '{}', '{}', 'vst.seen', 'vst.seen_xid', 'vst.seen_command'),
            v_source.is_active, v_source.queue_name);
        IF v_source.is_active AND v_source.bytes > 131072 AND pg_relation_size(to_regclass(
            format('refresh_data.changes_%s_%s', v_source.source_id, CASE right(v_source.queue_name, 1) WHEN 'a' THEN 'b' ELSE 'a' END)
        )) = 0 THEN
            UPDATE refresh.captured_sources AS src SET active = CASE src.active WHEN 'a' THEN 'b' ELSE 'a' END
            WHERE src.source_id = v_source.source_id;
            PERFORM refresh_internal.build_capture(v_source.source_name);
            v_count := v_count + 1;
            CONTINUE;
        END IF;
        EXECUTE v_look INTO v_is_needed;
        CONTINUE WHEN v_is_needed AND v_source.bytes < 8388608;
        PERFORM set_config('lock_timeout', '20ms', TRUE);
        BEGIN
            IF v_is_needed THEN
                PERFORM refresh_internal.index_queue(v_source.source_name, v_source.queue_name, TRUE);
                PERFORM set_config('lock_timeout', v_timeout, TRUE);
                CONTINUE;
            END IF;
            EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', v_source.queue_name);
            EXECUTE v_look INTO v_is_needed;  -- again: somebody may have committed before the lock was there
            IF NOT v_is_needed THEN
                EXECUTE format('TRUNCATE %s', v_source.queue_name);
                PERFORM refresh_internal.index_queue(v_source.source_name, v_source.queue_name, FALSE);
                v_count := v_count + 1;
            END IF;
        EXCEPTION
            WHEN lock_not_available THEN
                NULL;
        END;
        PERFORM set_config('lock_timeout', v_timeout, TRUE);
    END LOOP;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION refresh_internal.empty_queues IS
'Number of queues whose tables were emptied or changed places.';

REVOKE ALL ON FUNCTION refresh_internal.empty_queues FROM PUBLIC;
