-- jobs.leave()
-- Says that a worker ends.
-- requires: jobs_internal.sweep()
-- source:   docs/jobs.md, "A worker"

CREATE OR REPLACE FUNCTION jobs.leave(p_worker_id bigint)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM jobs.worker AS wrk WHERE wrk.worker_id = p_worker_id;
    PERFORM jobs_internal.sweep();
END;
$$;

COMMENT ON FUNCTION jobs.leave IS
'What it has not given back is taken from it at once.';

REVOKE ALL ON FUNCTION jobs.leave FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.leave TO tidemark_operator;
