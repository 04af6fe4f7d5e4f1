-- refresh_internal.pending_of()
-- Looks into the queues of stored views: what waits, and since when.
-- requires: refresh.now(), refresh.as_of_date(), refresh.time_zone()
-- requires: refresh_internal.new_rows(), refresh_internal.appearing_of()
-- source:   docs/refresh.md, "Lag and breaches"

-- One statement for all views and queues: a statement costs more to plan than a queue to look into. Views that have seen the
-- same share one count, and an empty table is not looked into.
-- SECURITY DEFINER because it is called inside views: whoever may ask how old a view is need not read its queues.
CREATE OR REPLACE FUNCTION refresh_internal.pending_of(p_view_id integer DEFAULT NULL)
RETURNS TABLE (
    view_id integer,
    pending_count bigint,
    oldest_at timestamptz,
    due_at timestamptz,
    next_due_at timestamptz,
    next_due_on date
)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_new_rows text := refresh_internal.new_rows(0, '{}', '{}', 'state.seen', 'state.seen_xid', 'state.seen_command');
    v_waiting text;
    v_due text;
    v_appearing text;
BEGIN
    SELECT string_agg(part.query, ' UNION ALL ') INTO v_waiting
    FROM (
        SELECT format(
            'SELECT unnest(state.view_ids), waiting.n, waiting.oldest, %L::boolean FROM state CROSS JOIN LATERAL '
            '(SELECT count(*) AS n, min(tidemark_at) AS oldest FROM (%s) AS queue) AS waiting WHERE state.source_id = %s AND waiting.n > 0',
            EXISTS (SELECT FROM refresh.stored_views AS below WHERE below.view_name = src.source_name),
            replace(v_new_rows, 'changes_0_', format('changes_%s_', src.source_id)), src.source_id) AS query
        FROM refresh.captured_sources AS src
        WHERE 0 < (
            SELECT sum(pg_relation_size(to_regclass(format('refresh_data.changes_%s_%s', src.source_id, side.name))))
            FROM (VALUES ('a'), ('b')) AS side (name)
        )
        UNION ALL
        SELECT format('SELECT %s, count(*), min(tidemark_at), TRUE FROM %s', own.view_id, own.queue_name)
        FROM (
            SELECT vs.view_id, vs.queue_name FROM refresh.view_sources AS vs WHERE vs.queue_name IS NOT NULL
            UNION ALL
            SELECT sv.view_id, format('refresh_data.marks_of_%s', sv.view_id) FROM refresh.stored_views AS sv
        ) AS own
        WHERE own.view_id = coalesce(p_view_id, own.view_id) AND pg_relation_size(to_regclass(own.queue_name)) > 0
    ) AS part;
    SELECT string_agg(replace(replace(replace(format(
        CASE sv.due_type
            WHEN 'date' THEN
                'SELECT %s, (SELECT min({due}) FROM %s WHERE {due} <= {today} AND {due} > ''-infinity'')::timestamp AT TIME ZONE {zone}, '
                '(SELECT min({due}) FROM %2$s WHERE {due} > {today} AND {due} < ''infinity'')::timestamp AT TIME ZONE {zone}'
            ELSE
                'SELECT %s, (SELECT min({due}) FROM %s WHERE {due} <= refresh.now() AND {due} > ''-infinity''), '
                '(SELECT min({due}) FROM %2$s WHERE {due} > refresh.now() AND {due} < ''infinity'')'
        END, sv.view_id, sv.storage_name),
        '{due}', quote_ident(sv.due_column)), '{today}', quote_nullable(refresh.as_of_date())), '{zone}', quote_literal(refresh.time_zone())), ' UNION ALL ')
    INTO v_due
    FROM refresh.stored_views AS sv
    INNER JOIN pg_attribute AS att
        ON att.attrelid = to_regclass(sv.storage_name) AND att.attname = sv.due_column AND NOT att.attisdropped
    WHERE sv.due_type IS NOT NULL AND sv.view_id = coalesce(p_view_id, sv.view_id);
    SELECT string_agg(format('SELECT %s, %L::timestamptz, %L::timestamptz', sv.view_id, appearing.due_at, appearing.next_due_at), ' UNION ALL ')
    INTO v_appearing
    FROM refresh.stored_views AS sv
    INNER JOIN refresh.view_state AS vst USING (view_id)
    CROSS JOIN LATERAL refresh_internal.appearing_of(sv, vst.clock_at) AS appearing
    WHERE sv.appears_type IS NOT NULL AND sv.view_id = coalesce(p_view_id, sv.view_id);
    IF v_appearing IS NOT NULL THEN
        v_due := format('SELECT view_id, min(due_at), min(next_due_at) FROM (%s) AS every (view_id, due_at, next_due_at) GROUP BY view_id',
            concat_ws(' UNION ALL ', v_due, v_appearing));
    END IF;
    RETURN QUERY EXECUTE format($query$
        WITH state AS MATERIALIZED (
            SELECT src.source_id, array_agg(vs.view_id) AS view_ids, coalesce(min(vst.seen::text), '3:3:')::pg_snapshot AS seen,
                coalesce(vst.seen_xid, '0') AS seen_xid, coalesce(vst.seen_command, -1) AS seen_command
            FROM refresh.view_sources AS vs
            INNER JOIN refresh.captured_sources AS src USING (source_name)
            INNER JOIN refresh.stored_views AS sv USING (view_id)
            INNER JOIN refresh.view_state AS vst USING (view_id)
            WHERE vs.mapping_kind IN ('keys', 'all') AND sv.target_lag > interval '0' AND vs.view_id = coalesce($1, vs.view_id)
            GROUP BY src.source_id, vst.seen::text, vst.seen_xid, vst.seen_command
        ),

        waiting (view_id, n, oldest, is_from_below) AS (%s),

        due (view_id, due_at, next_due_at) AS (%s),

        -- A change counts from its capture. One of a table does not count before the previous run looked: until then it was not
        -- committed. What comes from a stored view is as old as what that followed, however late it came.
        total AS (
            SELECT waiting.view_id, sum(waiting.n)::bigint AS n,
                min(CASE WHEN waiting.is_from_below THEN waiting.oldest ELSE greatest(waiting.oldest, vst.taken_at) END) AS oldest
            FROM waiting
            INNER JOIN refresh.view_state AS vst USING (view_id)
            GROUP BY waiting.view_id
        )

        SELECT sv.view_id, coalesce(total.n, 0), total.oldest, due.due_at, due.next_due_at, (due.next_due_at AT TIME ZONE $2)::date
        FROM refresh.stored_views AS sv
        LEFT JOIN total USING (view_id)
        LEFT JOIN due USING (view_id)
        WHERE sv.view_id = coalesce($1, sv.view_id)
        $query$,
        coalesce(v_waiting, 'SELECT NULL::integer, NULL::bigint, NULL::timestamptz, FALSE WHERE FALSE'),
        coalesce(v_due, 'SELECT NULL::integer, NULL::timestamptz, NULL::timestamptz WHERE FALSE'))
    USING p_view_id, refresh.time_zone();
END;
$$;

COMMENT ON FUNCTION refresh_internal.pending_of IS
'One row per stored view, or that of p_view_id alone. pending_count: queued changes; oldest_at: since when the oldest could have been taken; due_at: the earliest transition already passed; next_due_at: the next one to come.';

GRANT EXECUTE ON FUNCTION refresh_internal.pending_of TO PUBLIC;
