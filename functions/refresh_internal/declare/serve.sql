-- refresh_internal.serve()
-- Lets readers of a stored view see its newest storage.
-- requires: refresh_internal.point_view(), refresh_internal.build_capture(), refresh_internal.mark_views()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.serve(p_view refresh.stored_views)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_timeout text := current_setting('lock_timeout');
BEGIN
    -- The only moment that waits for readers: short, and given up rather than queueing everyone behind a long report.
    PERFORM set_config('lock_timeout', '1s', TRUE);
    BEGIN
        PERFORM refresh_internal.point_view(p_view, CASE WHEN p_view.is_bypassed THEN p_view.live_name ELSE p_view.storage_name END);
    EXCEPTION
        WHEN lock_not_available THEN
            PERFORM set_config('lock_timeout', v_timeout, TRUE);
            RETURN FALSE;
    END;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
    UPDATE refresh.stored_views AS sv SET serving_name = p_view.storage_name WHERE sv.view_id = p_view.view_id;
    INSERT INTO refresh.retired_storage (relation_name)
    SELECT p_view.serving_name WHERE p_view.serving_name IS NOT NULL
    ON CONFLICT DO NOTHING;
    -- stored views built on this one: captured from now on, and recomputed once, because so far they read the old rows
    PERFORM refresh_internal.build_capture(p_view.view_name);
    PERFORM refresh_internal.mark_views(p_view.view_name);
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION refresh_internal.serve IS
'False when readers held the view too long; the next run tries again, and they keep the old rows until then.';

REVOKE ALL ON FUNCTION refresh_internal.serve FROM PUBLIC;
