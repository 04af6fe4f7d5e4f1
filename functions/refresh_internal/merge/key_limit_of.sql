-- refresh_internal.key_limit_of()
-- Says beyond how many keys recomputing everything is cheaper.
-- requires: nothing
-- source:   docs/refresh.md, "The crossover"

CREATE OR REPLACE FUNCTION refresh_internal.key_limit_of(p_view refresh.stored_views, p_state refresh.view_state)
RETURNS bigint LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE
        WHEN p_view.full_above IS NOT NULL THEN floor(p_view.full_above * p_state.row_count)::bigint
        -- a fifth of the rows is the measured crossover of views over a few tables. A view that keeps few rows of much that it
        -- reads (HAVING) has few rows to take a fifth of: there the time of a whole run decides, of which keys take half
        WHEN p_state.key_ms > 0 AND p_state.whole_ms > 0 THEN greatest(
            least(greatest(100, p_state.row_count / 5), greatest(20, least(2 * p_state.whole_ms / p_state.key_ms, 1e15)::bigint)),
            least(0.5 * p_state.whole_ms / p_state.key_ms, 1e15)::bigint
        )
        -- until keys have been timed, one is taken to cost a millisecond
        ELSE greatest(100, p_state.row_count / 5, least(0.5 * coalesce(p_state.whole_ms, 0), 1e15)::bigint)
    END;
END;

COMMENT ON FUNCTION refresh_internal.key_limit_of IS
'Number of keys: the declared share of the stored rows, or a fifth of them; less when keys of this view have proved expensive, more when a whole run has.';

REVOKE ALL ON FUNCTION refresh_internal.key_limit_of FROM PUBLIC;
