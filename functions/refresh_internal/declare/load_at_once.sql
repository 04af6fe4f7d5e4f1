-- refresh_internal.load_at_once()
-- Fills a stored view in the transaction that declares it, if it may not wait for its first run.
-- requires: refresh.run()
-- source:   docs/refresh.md, "Inside the writer's transaction"

CREATE OR REPLACE FUNCTION refresh_internal.load_at_once(p_view_name text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM refresh.run(sv.view_name)
    FROM refresh.stored_views AS sv
    INNER JOIN refresh.view_state AS vst USING (view_id)
    WHERE sv.view_name = p_view_name
        AND sv.target_lag = interval '0'
        AND vst.whole_reason IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM refresh.view_sources AS vs WHERE vs.view_id = sv.view_id AND vs.mapping_kind = 'missing'
        );
END;
$$;

COMMENT ON FUNCTION refresh_internal.load_at_once IS
'Does something only for target_lag 0, once every source is mapped.';

REVOKE ALL ON FUNCTION refresh_internal.load_at_once FROM PUBLIC;
