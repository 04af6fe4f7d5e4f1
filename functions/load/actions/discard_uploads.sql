-- load.discard_uploads()
-- Removes what interrupted loads left and nobody went on with, and old records of finished ones.
-- requires: load.claim_upload(), load.give_up(), load_internal.stage_name()
-- source:   docs/loading.md, "Tidying up"

CREATE OR REPLACE FUNCTION load.discard_uploads(
    p_unfinished_for interval DEFAULT '1 day', p_finished_for interval DEFAULT '1 year'
)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload_id bigint;
    v_count bigint := 0;
    v_deleted bigint;
BEGIN
    FOR v_upload_id IN
        SELECT upl.upload_id FROM load.uploads AS upl
        WHERE upl.load_status IN ('staging', 'staged') AND upl.started_at < clock_timestamp() - p_unfinished_for
    LOOP
        IF load.claim_upload(v_upload_id) THEN
            PERFORM load.give_up(v_upload_id, 'discarded', NULL, 'The load was interrupted and nobody went on with it.');
            PERFORM pg_advisory_unlock(hashtext('tidemark.load upload'), (v_upload_id % 2147483647)::integer);
            v_count := v_count + 1;
        END IF;
    END LOOP;
    DELETE FROM load.uploads AS upl WHERE upl.finished_at < clock_timestamp() - p_finished_for;
    GET DIAGNOSTICS v_deleted = ROW_COUNT;
    RETURN v_count + v_deleted;
END;
$$;

COMMENT ON FUNCTION load.discard_uploads IS
'Fails unfinished uploads older than p_unfinished_for that no session holds, deletes finished ones older than p_finished_for with their issues, and returns how many.';

REVOKE ALL ON FUNCTION load.discard_uploads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.discard_uploads TO tidemark_operator;
