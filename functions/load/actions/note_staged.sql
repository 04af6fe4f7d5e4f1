-- load.note_staged()
-- Says how far a file is staged, in the transaction that staged so far.
-- requires: load_internal.require_mine()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load.note_staged(
    p_upload_id bigint, p_bytes bigint, p_rows bigint, p_digest bytea, p_is_all boolean DEFAULT FALSE
)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM load_internal.require_mine(p_upload_id);
    -- A crash of the server empties the staging table anyway, so nothing is gained by waiting for the disk.
    PERFORM set_config('synchronous_commit', 'off', TRUE);
    UPDATE load.uploads AS upl
    SET
        staged_bytes = p_bytes,
        staged_rows = p_rows,
        staged_digest = p_digest,
        content_digest = CASE WHEN p_is_all THEN p_digest END,
        load_status = CASE WHEN p_is_all THEN 'staged' ELSE 'staging' END
    WHERE upl.upload_id = p_upload_id AND upl.load_status = 'staging';
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('upload %s takes no more records', p_upload_id),
            HINT = 'Another run went on with it; load the file again.';
    END IF;
END;
$$;

COMMENT ON FUNCTION load.note_staged IS
'p_digest: SHA-256 of the first p_bytes of the file. p_is_all: nothing follows. Raises 55000 when the upload is no longer being staged.';

REVOKE ALL ON FUNCTION load.note_staged FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.note_staged TO tidemark_loader, tidemark_operator;
