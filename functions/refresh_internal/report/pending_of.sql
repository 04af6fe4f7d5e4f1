-- refresh_internal.pending_of()
-- Looks into the queues of one stored view: what waits, and since when.
-- requires: refresh.now(), refresh.as_of_date(), refresh.time_zone()
-- requires: refresh_internal.new_rows()
-- source:   docs/refresh.md, "Lag and breaches"

-- SECURITY DEFINER because it is called inside views: whoever may ask how old a view is need not read its queues.
CREATE OR REPLACE FUNCTION refresh_internal.pending_of(
    p_view_id integer,
    OUT pending_count bigint,
    OUT oldest_at timestamptz,
    OUT due_at timestamptz,
    OUT next_due_at timestamptz,
    OUT next_due_on date
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
    v_state refresh.view_state;
    v_queue text;
    v_changes bigint;
    v_oldest timestamptz;
    v_passed_on date;
BEGIN
    SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
    pending_count := 0;
    SELECT vst.* INTO v_state FROM refresh.view_state AS vst WHERE vst.view_id = p_view_id;
    FOR v_queue IN
        SELECT format('SELECT tidemark_at FROM (%s) AS queue', refresh_internal.new_rows(src.source_id, '{}', '{}', '$1', '$2', '$3'))
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        WHERE vs.view_id = p_view_id AND vs.mapping_kind IN ('keys', 'all') AND v_view.target_lag > interval '0'
            AND to_regclass(format('refresh_data.changes_%s_a', src.source_id)) IS NOT NULL
        UNION ALL
        SELECT format('SELECT tidemark_at FROM %s', vs.queue_name) FROM refresh.view_sources AS vs
        WHERE vs.view_id = p_view_id AND vs.queue_name IS NOT NULL
        UNION ALL
        SELECT format('SELECT tidemark_at FROM refresh_data.marks_of_%s', p_view_id)
    LOOP
        EXECUTE format('SELECT count(*), min(tidemark_at) FROM (%s) AS waiting', v_queue) INTO v_changes, v_oldest
        USING coalesce(v_state.seen, '3:3:'), coalesce(v_state.seen_xid, '0'), coalesce(v_state.seen_command, -1);
        pending_count := pending_count + v_changes;
        oldest_at := least(oldest_at, v_oldest);
    END LOOP;
    IF v_view.due_type = 'date' THEN
        EXECUTE format('SELECT min(%1$I), (SELECT min(%1$I) FROM %2$s WHERE %1$I > refresh.as_of_date() AND %1$I < ''infinity'') '
            'FROM %2$s WHERE %1$I <= refresh.as_of_date() AND %1$I > ''-infinity''', v_view.due_column, v_view.storage_name)
        INTO v_passed_on, next_due_on;
        due_at := v_passed_on::timestamp AT TIME ZONE refresh.time_zone();
        next_due_at := next_due_on::timestamp AT TIME ZONE refresh.time_zone();
    ELSIF v_view.due_type IS NOT NULL THEN
        EXECUTE format('SELECT min(%1$I), (SELECT min(%1$I) FROM %2$s WHERE %1$I > refresh.now() AND %1$I < ''infinity'') '
            'FROM %2$s WHERE %1$I <= refresh.now() AND %1$I > ''-infinity''', v_view.due_column, v_view.storage_name)
        INTO due_at, next_due_at;
        next_due_on := (next_due_at AT TIME ZONE refresh.time_zone())::date;
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.pending_of IS
'pending_count: queued changes; oldest_at: when the oldest was captured; due_at: the earliest transition already passed; next_due_at: the next one to come.';

GRANT EXECUTE ON FUNCTION refresh_internal.pending_of TO PUBLIC;
