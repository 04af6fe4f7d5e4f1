-- load_internal.discard_unfinished()
-- Ends an upload that nobody went on with, even if its domain cannot follow.
-- requires: load.give_up(), load.fail(), load_internal.stage_name()
-- source:   docs/loading.md, "Tidying up"

CREATE OR REPLACE FUNCTION load_internal.discard_unfinished(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_message CONSTANT text := 'The load was interrupted and nobody went on with it.';
BEGIN
    PERFORM load.give_up(p_upload_id, 'discarded', NULL, c_message);
EXCEPTION
    -- one upload must not keep the others from being tidied up
    WHEN OTHERS THEN
        PERFORM load.fail(p_upload_id, 'discarded', format('Its domain could not follow: %s (%s)', SQLERRM, SQLSTATE), c_message);
        UPDATE load.uploads AS upl SET finished_at = clock_timestamp() WHERE upl.upload_id = p_upload_id;
        EXECUTE format('DROP TABLE IF EXISTS %s', load_internal.stage_name(p_upload_id));
END;
$$;

COMMENT ON FUNCTION load_internal.discard_unfinished IS
'Status failed, error_code discarded. When a hook of the domain raises an error, error_detail keeps it.';

REVOKE ALL ON FUNCTION load_internal.discard_unfinished FROM PUBLIC;
