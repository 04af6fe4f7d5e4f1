-- load_internal.end_upload()
-- The last step of every upload, whatever its end.
-- requires: load_internal.call_hook(), load_internal.stage_name()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load_internal.end_upload(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_end_function text;
BEGIN
    UPDATE load.uploads AS upl
    SET finished_at = clock_timestamp()
    FROM load.families AS fam
    WHERE upl.upload_id = p_upload_id AND fam.family_name = upl.family_name
    RETURNING fam.end_function INTO v_end_function;

    INSERT INTO load.phases (upload_id, phase, duration_ms, row_count)
    SELECT upl.upload_id, 'total', 1000 * extract(EPOCH FROM upl.finished_at - upl.started_at), upl.total_rows
    FROM load.uploads AS upl
    WHERE upl.upload_id = p_upload_id
    ON CONFLICT DO NOTHING;

    PERFORM load_internal.call_hook(v_end_function, p_upload_id);
    EXECUTE format('DROP TABLE IF EXISTS %s', load_internal.stage_name(p_upload_id));
END;
$$;

COMMENT ON FUNCTION load_internal.end_upload IS
'Notes the time, lets the domain follow and drops the staging table.';

REVOKE ALL ON FUNCTION load_internal.end_upload FROM PUBLIC;
