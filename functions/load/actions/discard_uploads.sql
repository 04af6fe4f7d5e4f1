-- load.discard_uploads()
-- Removes what interrupted loads left and nobody went on with, and old records of finished ones.
-- requires: load.claim_upload(), load_internal.discard_unfinished(), load_internal.delete_finished()
-- source:   docs/loading.md, "Tidying up"

CREATE OR REPLACE FUNCTION load.discard_uploads(
    p_unfinished_for interval DEFAULT '1 day', p_finished_for interval DEFAULT '1 year'
)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- what a text in the code means must not depend on the caller's session, nor in the hooks below
SET standard_conforming_strings = on
SET transform_null_equals = off
SET array_nulls = on
SET quote_all_identifiers = off
SET exit_on_error = off
SET timezone = 'UTC'
SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    v_upload_id bigint;
    v_count bigint := 0;
BEGIN
    FOR v_upload_id IN
        SELECT upl.upload_id FROM load.uploads AS upl
        WHERE upl.load_status IN ('staging', 'staged') AND upl.started_at < clock_timestamp() - p_unfinished_for
    LOOP
        IF load.claim_upload(v_upload_id) THEN
            PERFORM load_internal.discard_unfinished(v_upload_id);
            PERFORM pg_advisory_unlock(hashtext('tidemark.load upload'), (v_upload_id % 2147483647)::integer);
            v_count := v_count + 1;
        END IF;
    END LOOP;
    RETURN v_count + load_internal.delete_finished(clock_timestamp() - p_finished_for);
END;
$$;

COMMENT ON FUNCTION load.discard_uploads IS
'Fails unfinished uploads older than p_unfinished_for that no session holds, deletes finished ones older than p_finished_for with their issues, but for those that rows of a domain refer to, and returns how many. refresh.tick() calls it.';

REVOKE ALL ON FUNCTION load.discard_uploads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.discard_uploads TO tidemark_operator;
