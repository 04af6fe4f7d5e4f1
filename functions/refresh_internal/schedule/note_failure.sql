-- refresh_internal.note_failure()
-- Records a failed run and leaves the view alone for a while.
-- requires: refresh_internal.registered()
-- source:   docs/refresh.md, "Failures"

CREATE OR REPLACE FUNCTION refresh_internal.note_failure(
    view text, p_code text, p_message text, p_detail text DEFAULT NULL, p_context text DEFAULT NULL,
    p_started_at timestamptz DEFAULT clock_timestamp()
)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(note_failure.view);
    v_retry_at timestamptz;
BEGIN
    UPDATE refresh.view_state AS vst SET
        failure_count = vst.failure_count + 1,
        retry_at = clock_timestamp() + CASE
            WHEN p_code IN ('55P03', '40P01', '40001') THEN interval '5 seconds'  -- somebody was in the way
            ELSE least(interval '30 seconds' * 2 ^ least(vst.failure_count, 10), interval '1 hour')
        END
    WHERE vst.view_id = v_view.view_id
    RETURNING vst.retry_at INTO v_retry_at;
    INSERT INTO refresh.runs (view_name, started_at, duration_ms, mode, reason, error_code, error_message, error_detail, error_context)
    VALUES (
        v_view.view_name, p_started_at, round(1000 * extract(EPOCH FROM clock_timestamp() - p_started_at), 3), 'failed', 'error',
        p_code, p_message, nullif(p_detail, ''), nullif(p_context, '')
    );
    RETURN v_retry_at;
END;
$$;

COMMENT ON FUNCTION refresh_internal.note_failure IS
'Returns when the scheduler tries again: 5 seconds after a lock conflict, else 30 seconds doubling up to an hour. For a caller whose session died in refresh.run(); refresh.try_run() calls it by itself.';

REVOKE ALL ON FUNCTION refresh_internal.note_failure FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.note_failure TO tidemark_operator;
