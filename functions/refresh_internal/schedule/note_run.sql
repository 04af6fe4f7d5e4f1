-- refresh_internal.note_run()
-- Writes down what a run did: its line in the log and what the next run needs to know.
-- requires: refresh.now(), refresh.time_zone(), refresh_internal.note_lag(), refresh_internal.avoidable_lag()
-- source:   docs/refresh.md, "The run log"

CREATE OR REPLACE FUNCTION refresh_internal.note_run(
    p_view refresh.stored_views,
    p_state refresh.view_state,
    p_mode text,
    p_reason text,
    p_started_at timestamptz,
    p_duration_ms double precision,
    p_done refresh.run_outcome
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rows bigint := p_state.row_count + coalesce(p_done.inserted_count - p_done.deleted_count, 0);
    v_key_ms double precision := p_duration_ms / nullif(p_done.key_count, 0);
    v_lag interval;
BEGIN
    IF p_mode <> 'keys' THEN
        EXECUTE format('SELECT count(*) FROM %s', p_view.storage_name) INTO v_rows;
    END IF;
    -- one statement: a round makes it for each of its views
    WITH noted AS (
        UPDATE refresh.view_state AS vst SET
            whole_reason = CASE WHEN p_mode = 'keys' THEN vst.whole_reason END,
            clock_at = refresh.now(),
            clock_zone = refresh.time_zone(),
            taken_at = p_started_at,
            row_count = v_rows,
            last_run_at = clock_timestamp(),
            last_run_ms = p_duration_ms,
            -- averages that follow a change within a few runs; a handful of keys says little about the cost of many
            key_ms = CASE WHEN p_mode = 'keys' AND p_done.key_count >= 20
                THEN 0.7 * coalesce(vst.key_ms, v_key_ms) + 0.3 * v_key_ms ELSE vst.key_ms END,
            whole_ms = CASE WHEN p_mode = 'whole'
                THEN 0.7 * coalesce(vst.whole_ms, p_duration_ms) + 0.3 * p_duration_ms ELSE vst.whole_ms END,
            failure_count = 0,
            retry_at = NULL
        WHERE vst.view_id = p_view.view_id
    ),

    logged AS (
        INSERT INTO refresh.runs (
            view_name, started_at, duration_ms, mode, reason, change_count, key_count, inserted_count, updated_count, deleted_count
        )
        VALUES (
            p_view.view_name, p_started_at, p_duration_ms, p_mode, p_reason, p_done.change_count, p_done.key_count,
            p_done.inserted_count, p_done.updated_count, p_done.deleted_count
        )
    )

    -- what comes from a stored view below is as old as what that followed
    SELECT clock_timestamp() - CASE WHEN bool_or(vs.source_view_id IS NOT NULL) THEN p_done.oldest_at
        ELSE greatest(p_done.oldest_at, p_state.taken_at) END
    INTO v_lag
    FROM refresh.view_sources AS vs
    WHERE vs.view_id = p_view.view_id;
    -- most runs keep the promise and have no breach to end
    IF p_state.clock_at IS NOT NULL AND p_done.oldest_at IS NOT NULL AND (v_lag > greatest(p_view.target_lag, interval '1 second')
        OR EXISTS (SELECT FROM refresh.breaches AS bre WHERE bre.view_name = p_view.view_name AND bre.ended_at IS NULL)) THEN
        PERFORM refresh_internal.note_lag(
            p_view.view_name, p_view.target_lag, v_lag,
            CASE WHEN clock_timestamp() - p_done.oldest_at > p_view.target_lag AND refresh_internal.avoidable_lag(p_state) <= p_view.target_lag
                THEN 'a writer committed late' ELSE 'caught up by a run' END, TRUE
        );
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.note_run IS
'Called by refresh.run() when it did something; a run without work leaves no trace.';

REVOKE ALL ON FUNCTION refresh_internal.note_run FROM PUBLIC;
