-- refresh_internal.end_captures()
-- Removes what sources left behind that no stored view follows any more.
-- requires: refresh_internal.end_capture()
-- source:   docs/refresh.md, "Chores"

CREATE OR REPLACE FUNCTION refresh_internal.end_captures()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source_id integer;
    v_count integer := 0;
BEGIN
    FOR v_source_id IN
        SELECT src.source_id FROM refresh.captured_sources AS src
        WHERE (to_regclass(format('refresh_data.changes_%s_a', src.source_id)) IS NOT NULL
                OR NOT EXISTS (SELECT FROM refresh.view_sources AS vs WHERE vs.source_name = src.source_name))
            AND NOT EXISTS (
                SELECT FROM refresh.view_sources AS vs
                WHERE vs.source_name = src.source_name AND vs.mapping_kind IN ('keys', 'all')
            )
    LOOP
        v_count := v_count + refresh_internal.end_capture(v_source_id)::integer;
    END LOOP;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION refresh_internal.end_captures IS
'Number of sources whose capture is gone now.';

REVOKE ALL ON FUNCTION refresh_internal.end_captures FROM PUBLIC;
