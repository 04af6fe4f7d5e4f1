-- refresh_internal.mark_views()
-- Marks every key of the stored views that read one source.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

CREATE OR REPLACE FUNCTION refresh_internal.mark_views(p_source_name text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_reader record;
BEGIN
    FOR v_reader IN
        SELECT vs.view_id FROM refresh.view_sources AS vs
        WHERE vs.source_name = p_source_name AND vs.mapping_kind IN ('keys', 'all')
    LOOP
        EXECUTE format('INSERT INTO refresh_data.marks_of_%s (tidemark_at, source_name) VALUES (%L, %L)', v_reader.view_id,
            -- what a refreshed view below brings is as old as the change it followed
            least(clock_timestamp(), nullif(current_setting('tidemark.since', TRUE), '')::timestamptz), p_source_name);
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh_internal.mark_views IS
'For changes no trigger can see: a swapped storage, a refreshed materialized view, an attached partition.';

REVOKE ALL ON FUNCTION refresh_internal.mark_views FROM PUBLIC;
