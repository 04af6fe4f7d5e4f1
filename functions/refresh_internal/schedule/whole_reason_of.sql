-- refresh_internal.whole_reason_of()
-- Says why the next run of a stored view must recompute everything, if it must.
-- requires: refresh.now(), refresh.as_of_date(), refresh.time_zone()
-- source:   docs/refresh.md, "Time"

CREATE OR REPLACE FUNCTION refresh_internal.whole_reason_of(p_view refresh.stored_views, p_state refresh.view_state)
RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE
        WHEN p_state.whole_reason IS NOT NULL THEN p_state.whole_reason
        WHEN p_state.clock_at IS NULL THEN 'never run'
        WHEN p_state.seen IS NULL AND p_view.target_lag > interval '0' THEN 'what it has seen is not known'
        WHEN p_state.unsettled IS NOT NULL THEN 'capture began while others were writing'
        WHEN p_view.clock_use = 'none' THEN NULL
        WHEN p_state.clock_zone <> refresh.time_zone() THEN 'the business time zone changed'
        WHEN p_view.clock_use = 'zone' THEN NULL
        -- rows computed for a later moment may have passed transitions they should still be waiting for
        WHEN p_view.clock_use = 'day' AND p_view.due_type IS DISTINCT FROM 'timestamp with time zone'
            AND refresh.as_of_date() < (p_state.clock_at AT TIME ZONE refresh.time_zone())::date THEN 'the clock went back'
        WHEN (p_view.clock_use = 'instant' OR p_view.due_type = 'timestamp with time zone')
            AND refresh.now() < p_state.clock_at THEN 'the clock went back'
        WHEN p_view.due_column IS NOT NULL AND p_view.clock_gap IS NULL THEN NULL
        WHEN refresh.as_of_date() > (p_state.clock_at AT TIME ZONE refresh.time_zone())::date
            THEN 'a new day, and ' || coalesce('rows may appear by time alone: ' || p_view.clock_gap, 'no due column says which rows it changes')
        WHEN p_view.clock_use = 'instant' AND refresh.now() >= p_state.clock_at + p_view.target_lag
            THEN 'the clock moved, and ' || coalesce('rows may appear by time alone: ' || p_view.clock_gap, 'no due column says which rows that changes')
    END;
END;

COMMENT ON FUNCTION refresh_internal.whole_reason_of IS
'In words; NULL when keys are enough. A view that reads the clock and declares no due column, or whose clock may bring rows that no stored moment tells of, is recomputed at each new business day, and within target_lag if it looks at the time of day.';

-- Not revoked from PUBLIC: refresh.freshness calls it with the rights of its reader, and it reads nothing itself.
