-- refresh_internal.run_one()
-- Refreshes one stored view, whatever it belongs to.
-- requires: refresh_internal.fill(), refresh_internal.serve(), refresh_internal.check_sources(), refresh_internal.notice_changes(), refresh_internal.whole_reason_of()
-- requires: refresh_internal.key_limit_of(), refresh_internal.note_run(), refresh_internal.registered(), refresh.now(), refresh_internal.mark_views()
-- requires: refresh_internal.lock_view(), refresh_internal.unsettled_writers(), refresh_internal.pin_clock(), refresh_internal.limit_waits()
-- requires: refresh_internal.apply_sources()
-- source:   docs/refresh.md, "A run, step by step"

CREATE OR REPLACE FUNCTION refresh_internal.run_one(
    view text,
    p_full boolean DEFAULT FALSE,
    OUT view_name text,
    OUT mode text,
    OUT reason text,
    OUT change_count bigint,
    OUT key_count bigint,
    OUT inserted_count bigint,
    OUT updated_count bigint,
    OUT deleted_count bigint,
    OUT duration_ms double precision
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_started_at timestamptz := clock_timestamp();
    v_view refresh.stored_views := refresh_internal.registered(run_one.view);
    v_state refresh.view_state;
    v_noticed_at timestamptz := nullif(current_setting('tidemark.noticed_at', TRUE), '')::timestamptz;
    v_as_of text := current_setting('tidemark.as_of', TRUE);
    v_zone text := current_setting('tidemark.time_zone', TRUE);
    v_whole_reason text;
    v_done refresh.run_outcome;
    v_unsettled xid8[];
    v_timeout text;
BEGIN
    PERFORM refresh_internal.pin_clock();
    -- one refresher per view; the statements after this one see all that the previous one committed
    PERFORM refresh_internal.lock_view(v_view.view_id);
    v_timeout := refresh_internal.limit_waits();
    IF to_regproc('refresh_data.refresh_' || v_view.view_id) IS NULL THEN
        PERFORM refresh_internal.apply_sources(v_view);  -- declared in this transaction, and not built before its end
    END IF;
    SELECT vst.* INTO v_state FROM refresh.view_state AS vst WHERE vst.view_id = v_view.view_id;
    -- a round has looked at all views at once a moment ago, and has marked those that are not what they were
    IF v_state.whole_reason IS NOT NULL OR v_noticed_at IS NULL OR v_noticed_at NOT BETWEEN v_started_at - interval '2 seconds' AND v_started_at THEN
        PERFORM refresh_internal.notice_changes(v_view.view_id);
        SELECT vst.* INTO v_state FROM refresh.view_state AS vst WHERE vst.view_id = v_view.view_id;
    END IF;
    SELECT sv.* INTO v_view FROM refresh.stored_views AS sv WHERE sv.view_id = v_view.view_id;
    IF EXISTS (SELECT FROM refresh.view_sources AS vs WHERE vs.view_id = v_view.view_id AND vs.mapping_kind = 'missing') THEN
        PERFORM refresh_internal.check_sources(v_view.view_id);
    END IF;
    IF coalesce(current_setting('tidemark.as_of', TRUE), '') = '' AND v_state.clock_at > refresh.now() AND v_state.clock_at <= clock_timestamp() THEN
        -- this transaction began before the previous run: keep its clock, a stored row never becomes younger than its twin
        PERFORM set_config('tidemark.as_of', to_char(v_state.clock_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"Z"'), TRUE);
    END IF;
    IF v_state.unsettled IS NOT NULL THEN
        v_unsettled := refresh_internal.unsettled_writers(v_view.view_id, v_state.unsettled);
    END IF;
    v_whole_reason := CASE WHEN p_full THEN 'asked for' ELSE refresh_internal.whole_reason_of(v_view, v_state) END;
    v_done := refresh_internal.fill(v_view, v_whole_reason IS NOT NULL, refresh_internal.key_limit_of(v_view, v_state));
    view_name := v_view.view_name;
    mode := CASE
        WHEN v_done.is_whole AND v_view.mode = 'full' THEN 'native'
        WHEN v_done.is_whole THEN 'whole'
        WHEN v_done.change_count > 0 OR v_done.key_count > 0 THEN 'keys'
        ELSE 'none'
    END;
    reason := coalesce(v_whole_reason, v_done.reason, 'nothing to do');
    change_count := v_done.change_count;
    key_count := v_done.key_count;
    inserted_count := v_done.inserted_count;
    updated_count := v_done.updated_count;
    deleted_count := v_done.deleted_count;
    IF v_view.serving_name IS DISTINCT FROM v_view.storage_name AND NOT refresh_internal.serve(v_view) THEN
        reason := reason || '; readers still hold the old storage, the next run tries again';
    ELSIF mode = 'native' THEN
        PERFORM set_config('tidemark.since', coalesce(v_done.oldest_at::text, ''), TRUE);
        PERFORM refresh_internal.mark_views(v_view.view_name);
        PERFORM set_config('tidemark.since', '', TRUE);
    END IF;
    duration_ms := round(1000 * extract(EPOCH FROM clock_timestamp() - v_started_at), 3);
    IF mode <> 'none' THEN
        PERFORM refresh_internal.note_run(v_view, v_state, run_one.mode, run_one.reason, v_started_at, run_one.duration_ms, v_done);
    ELSIF v_view.clock_use IN ('day', 'instant') AND refresh.as_of_date() > (v_state.clock_at AT TIME ZONE refresh.time_zone())::date THEN
        -- once a day, also when no row was due: the stored rows now answer for this day
        UPDATE refresh.view_state AS vst SET clock_at = refresh.now() WHERE vst.view_id = v_view.view_id;
    END IF;
    IF v_state.unsettled IS NOT NULL THEN
        UPDATE refresh.view_state AS vst SET
            unsettled = nullif(v_unsettled, '{}'),
            whole_reason = CASE WHEN v_unsettled <> '{}'
                THEN 'a writer that began before its changes were captured has not ended' ELSE vst.whole_reason END
        WHERE vst.view_id = v_view.view_id;
    END IF;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
    IF v_as_of IS DISTINCT FROM current_setting('tidemark.as_of', TRUE) THEN
        PERFORM set_config('tidemark.as_of', coalesce(v_as_of, ''), TRUE);
    END IF;
    IF v_zone IS DISTINCT FROM current_setting('tidemark.time_zone', TRUE) THEN
        PERFORM set_config('tidemark.time_zone', coalesce(v_zone, ''), TRUE);
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.run_one IS
'What refresh.run() does for each view: take, map, recompute, note. Raises 42704 for an unknown view.';

REVOKE ALL ON FUNCTION refresh_internal.run_one FROM PUBLIC;
