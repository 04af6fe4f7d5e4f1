-- refresh_internal.empty_queues()
-- Gives back the space of changes that every stored view has seen.
-- requires: refresh_internal.build_capture(), refresh_internal.new_rows()
-- source:   docs/refresh.md, "Capture"

-- TRUNCATE needs no vacuum and no old snapshot holds it back. It takes the table that writers do not fill, and only when
-- nobody is in the way at this moment; a row written meanwhile by a slow writer is no obstacle, for both tables are read.
CREATE OR REPLACE FUNCTION refresh_internal.empty_queues()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source record;
    v_rest text;
    v_is_needed boolean;
    v_timeout text := current_setting('lock_timeout');
    v_count integer := 0;
BEGIN
    FOR v_source IN
        SELECT src.source_id, src.source_name, src.active, CASE src.active WHEN 'a' THEN 'b' ELSE 'a' END AS idle
        FROM refresh.captured_sources AS src
        WHERE to_regclass(format('refresh_data.changes_%s_b', src.source_id)) IS NOT NULL
    LOOP
        v_rest := format('refresh_data.changes_%s_%s', v_source.source_id, v_source.idle);
        IF pg_relation_size(to_regclass(v_rest)) > 0 THEN
            PERFORM set_config('lock_timeout', '20ms', TRUE);
            BEGIN
                EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', v_rest);
                EXECUTE format(
                    'SELECT EXISTS (SELECT FROM refresh.view_sources AS vs INNER JOIN refresh.view_state AS vst USING (view_id) '
                    'INNER JOIN refresh.stored_views AS sv USING (view_id) '
                    'WHERE vs.source_name = %L AND vs.mapping_kind IN (''keys'', ''all'') AND sv.target_lag > interval ''0'' '
                    'AND vst.whole_reason IS NULL AND vst.seen IS NOT NULL AND EXISTS (SELECT FROM (%s) AS rest))',
                    v_source.source_name,
                    refresh_internal.new_rows(v_source.source_id, '{}', '{}', 'vst.seen', 'vst.seen_xid', 'vst.seen_command'))
                INTO v_is_needed;
                IF NOT v_is_needed THEN
                    EXECUTE format('TRUNCATE %s', v_rest);
                    v_count := v_count + 1;
                END IF;
            EXCEPTION
                WHEN lock_not_available THEN
                    NULL;
            END;
            PERFORM set_config('lock_timeout', v_timeout, TRUE);
        ELSIF pg_relation_size(to_regclass(format('refresh_data.changes_%s_%s', v_source.source_id, v_source.active))) > 131072 THEN
            UPDATE refresh.captured_sources AS src SET active = v_source.idle WHERE src.source_id = v_source.source_id;
            PERFORM refresh_internal.build_capture(v_source.source_name);
            v_count := v_count + 1;
        END IF;
    END LOOP;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION refresh_internal.empty_queues IS
'Number of queues whose tables were emptied or changed places.';

REVOKE ALL ON FUNCTION refresh_internal.empty_queues FROM PUBLIC;
