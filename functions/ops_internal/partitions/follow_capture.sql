-- ops_internal.follow_capture()
-- Lets the stored views that follow a partitioned table follow it still, now that its partitions are others.
-- requires: refresh_internal.build_capture()
-- source:   docs/partitions.md, "Stored views"

CREATE OR REPLACE FUNCTION ops_internal.follow_capture(p_relations text[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source text;
BEGIN
    FOR v_source IN
        SELECT src.source_name FROM refresh.captured_sources AS src WHERE src.captured_relations && p_relations ORDER BY src.source_name
    LOOP
        PERFORM refresh_internal.build_capture(v_source);
    END LOOP;
END;
$$;

COMMENT ON FUNCTION ops_internal.follow_capture IS
'Of every source with one of these relations: new partitions get their triggers, detached ones lose them, and where rows came or went the views are marked.';

REVOKE ALL ON FUNCTION ops_internal.follow_capture FROM PUBLIC;
