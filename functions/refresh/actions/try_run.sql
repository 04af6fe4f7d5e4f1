-- refresh.try_run()
-- Refreshes one stored view; a failure is recorded and returned, not raised.
-- requires: refresh.run(), refresh_internal.note_failure(), refresh_internal.registered()
-- requires: refresh_internal.lock_view(), refresh_internal.qualified_name(), refresh_internal.busy_views()
-- source:   docs/refresh.md, "Failures"

CREATE OR REPLACE FUNCTION refresh.try_run(
    view text,
    p_full boolean DEFAULT FALSE,
    p_wait boolean DEFAULT TRUE,
    OUT view_name text,
    OUT mode text,
    OUT reason text,
    OUT change_count bigint,
    OUT key_count bigint,
    OUT inserted_count bigint,
    OUT updated_count bigint,
    OUT deleted_count bigint,
    OUT duration_ms double precision,
    OUT error_code text,
    OUT error_message text,
    OUT error_detail text,
    OUT error_hint text
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off SET exit_on_error = off
AS $$
DECLARE
    v_started_at timestamptz := clock_timestamp();
    v_view refresh.stored_views;
    v_context text;
BEGIN
    SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_name = refresh_internal.qualified_name(try_run.view);
    IF NOT FOUND AND p_wait THEN
        v_view := refresh_internal.registered(try_run.view);
    END IF;
    view_name := coalesce(v_view.view_name, try_run.view);
    IF v_view.view_id IS NULL THEN
        mode := 'none';
        reason := 'it was dropped meanwhile';
        RETURN;
    END IF;
    IF NOT p_wait AND NOT refresh_internal.lock_view(v_view.view_id, FALSE) THEN
        mode := 'busy';
        reason := coalesce(
            (SELECT bus.busy_with || ' is at it' FROM refresh_internal.busy_views() AS bus WHERE bus.view_id = v_view.view_id),
            'another session was at it a moment ago');
        RETURN;
    END IF;
    IF NOT p_wait AND current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '2s', TRUE);  -- a round goes on with the next view instead of waiting for somebody
    END IF;
    SELECT run.mode, run.reason, run.change_count, run.key_count, run.inserted_count, run.updated_count, run.deleted_count, run.duration_ms
    INTO mode, reason, change_count, key_count, inserted_count, updated_count, deleted_count, duration_ms
    FROM refresh.run(v_view.view_name, p_full) AS run;
EXCEPTION
    -- OTHERS leaves out cancelled statements, and so those that hit statement_timeout
    WHEN query_canceled OR OTHERS THEN  -- one failing view must not stop the others; all of it goes into the log
        IF v_view.view_id IS NULL THEN
            RAISE;
        END IF;
        GET STACKED DIAGNOSTICS
            error_code = RETURNED_SQLSTATE, error_message = MESSAGE_TEXT, error_detail = PG_EXCEPTION_DETAIL,
            error_hint = PG_EXCEPTION_HINT, v_context = PG_EXCEPTION_CONTEXT;
        IF NOT EXISTS (SELECT FROM refresh.stored_views AS sv WHERE sv.view_id = v_view.view_id) THEN
            mode := 'none';
            reason := 'it was dropped meanwhile';
            error_code := NULL;
            error_message := NULL;
            error_detail := NULL;
            error_hint := NULL;
            RETURN;
        END IF;
        IF NOT p_wait AND error_code = '55P03' THEN
            mode := 'busy';
            reason := error_message;
            RETURN;
        END IF;
        mode := 'failed';
        reason := 'next try after '
            || refresh_internal.note_failure(v_view.view_name, error_code, error_message, error_detail, v_context, v_started_at);
        duration_ms := round(1000 * extract(EPOCH FROM clock_timestamp() - v_started_at), 3);
END;
$$;

COMMENT ON FUNCTION refresh.try_run IS
'Like refresh.run(), with mode failed and the error in its columns, or busy when p_wait is false and another session is at it.';

REVOKE ALL ON FUNCTION refresh.try_run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh.try_run TO tidemark_operator;
