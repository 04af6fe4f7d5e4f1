-- refresh_internal.apply_sources()
-- Brings queues, capture and refresh function of one stored view in line with its declarations.
-- requires: refresh_internal.resolve_sources(), refresh_internal.map_sources(), refresh_internal.is_built(), refresh_internal.build_refresh(), refresh_internal.build_capture(), refresh_internal.lock_view()
-- source:   docs/refresh.md, "Declaring a stored view"

-- A file declares a view and then one mapping after the other: what they need is built once, when the transaction ends or when
-- somebody runs the view before.
CREATE OR REPLACE FUNCTION refresh_internal.apply_sources(p_view refresh.stored_views, p_later boolean DEFAULT FALSE, p_only text DEFAULT NULL)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_changed text;
BEGIN
    PERFORM refresh_internal.lock_view(p_view.view_id);
    -- the run waited for may have noticed another definition and moved the view to another storage
    SELECT sv.* INTO p_view FROM refresh.stored_views AS sv WHERE sv.view_id = p_view.view_id;
    IF p_later AND p_view.target_lag > interval '0' AND NOT refresh_internal.is_built(p_view.view_id) THEN
        PERFORM refresh_internal.map_sources(p_view, p_only);
        RETURN NULL;
    END IF;
    v_changed := refresh_internal.resolve_sources(p_view);
    PERFORM refresh_internal.build_refresh(p_view);
    IF v_changed IS NOT NULL THEN
        UPDATE refresh.view_state AS vst SET whole_reason = coalesce(vst.whole_reason, v_changed), unsettled = '{}'
        WHERE vst.view_id = p_view.view_id;
        -- makes the check at the end of the transaction run
        UPDATE refresh.stored_views AS sv SET generation = sv.generation WHERE sv.view_id = p_view.view_id;
    END IF;
    RETURN v_changed;
END;
$$;

COMMENT ON FUNCTION refresh_internal.apply_sources IS
'Returns what changed in words, NULL when nothing did. p_later: of a view that was never built only the mappings are looked at now, or that from p_only alone. A view whose sources or mappings changed is recomputed as a whole at its next run.';

REVOKE ALL ON FUNCTION refresh_internal.apply_sources FROM PUBLIC;
