-- refresh_internal.avoidable_lag()
-- Tells how long the changes of a stored view have waited that somebody could have followed.
-- requires: refresh_internal.new_rows()
-- source:   docs/refresh.md, "Lag and breaches"

CREATE OR REPLACE FUNCTION refresh_internal.avoidable_lag(p_state refresh.view_state)
RETURNS interval LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_query text;
    v_lag interval;
BEGIN
    SELECT string_agg(format(
        'SELECT max(clock_timestamp() - greatest(queue.tidemark_at, ope.seen_at, $4)) AS lag FROM (%s) AS queue '
        'LEFT JOIN refresh_internal.open_writers AS ope ON queue.tidemark_xid = ope.xid',
        refresh_internal.new_rows(src.source_id, '{}', '{}', '$1', '$2', '$3')), ' UNION ALL ')
    INTO v_query
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.captured_sources AS src USING (source_name)
    WHERE vs.view_id = p_state.view_id AND vs.mapping_kind IN ('keys', 'all')
        AND to_regclass(format('refresh_data.changes_%s_a', src.source_id)) IS NOT NULL;
    IF v_query IS NOT NULL THEN
        EXECUTE format('SELECT max(every.lag) FROM (%s) AS every', v_query) INTO v_lag
        USING coalesce(p_state.seen, '3:3:'), coalesce(p_state.seen_xid, '0'), coalesce(p_state.seen_command, -1), p_state.taken_at;
    END IF;
    RETURN v_lag;
END;
$$;

COMMENT ON FUNCTION refresh_internal.avoidable_lag IS
'Counts each change from its capture, or from the last tick that found its writer still open; NULL when no change waits.';

REVOKE ALL ON FUNCTION refresh_internal.avoidable_lag FROM PUBLIC;
