-- load.claim_upload()
-- Takes over uploads: the one just opened, or one that an interrupted run left.
-- requires: load_internal.require_mine()
-- source:   docs/loading.md, "Interrupted loads"

CREATE OR REPLACE FUNCTION load.claim_upload(p_upload_id bigint)
RETURNS boolean LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT load_internal.require_mine(p_upload_id);
    SELECT pg_try_advisory_lock(hashtext('tidemark.load upload'), (p_upload_id % 2147483647)::integer);
END;

COMMENT ON FUNCTION load.claim_upload IS
'True: no other session works on it, and none will before this one ends. Raises 42501 for the upload of another login.';

REVOKE ALL ON FUNCTION load.claim_upload FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.claim_upload TO tidemark_loader, tidemark_operator;
