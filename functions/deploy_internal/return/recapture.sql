-- deploy_internal.recapture()
-- Captures changed tables again, and has the stored views that read them recomputed.
-- requires: refresh_internal.build_capture(), refresh_internal.load_at_once()
-- source:   docs/beside.md, "Stored views"

CREATE OR REPLACE FUNCTION deploy_internal.recapture()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_root record;
BEGIN
    FOR v_root IN
        SELECT src.source_name
        FROM refresh.captured_sources AS src
        INNER JOIN deploy.stepped_aside AS asi ON src.source_name = asi.identity
        WHERE asi.is_root
    LOOP
        PERFORM refresh_internal.build_capture(v_root.source_name);
        -- no trigger sees what ALTER TABLE does to rows, and capture was off
        UPDATE refresh.view_state AS vst SET whole_reason = coalesce(vst.whole_reason, format('a migration changed %s', v_root.source_name))
        WHERE vst.view_id IN (SELECT vs.view_id FROM refresh.view_sources AS vs WHERE vs.source_name = v_root.source_name);
        PERFORM refresh_internal.load_at_once(sv.view_name)
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.stored_views AS sv USING (view_id)
        WHERE vs.source_name = v_root.source_name
        ORDER BY sv.view_id;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION deploy_internal.recapture IS
'The next run of each of these views is a whole one; those with target_lag 0 are recomputed at once.';

REVOKE ALL ON FUNCTION deploy_internal.recapture FROM PUBLIC;
