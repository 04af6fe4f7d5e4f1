-- load_internal.require_mine()
-- Refuses to touch the upload of another login.
-- requires: load_internal.is_mine()
-- source:   docs/loading.md, "Who may do what"

CREATE OR REPLACE FUNCTION load_internal.require_mine(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id AND NOT load_internal.is_mine(upl.started_by)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('upload %s belongs to another login', p_upload_id),
            DETAIL = format('You are %s. An upload is gone on with and ended by the login that opened it.', session_user),
            HINT = 'Load the file yourself, or ask an operator (tidemark_operator).';
    END IF;
END;
$$;

COMMENT ON FUNCTION load_internal.require_mine IS
'Raises 42501 when the upload exists and is not the caller''s.';

REVOKE ALL ON FUNCTION load_internal.require_mine FROM PUBLIC;
