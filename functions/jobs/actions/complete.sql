-- jobs.complete()
-- Says that a running job is done.
-- requires: jobs_internal.finish()
-- source:   docs/jobs.md, "A job"

CREATE OR REPLACE FUNCTION jobs.complete(
    p_job_id uuid, p_result jsonb DEFAULT NULL, p_claim_no bigint DEFAULT NULL, p_now timestamptz DEFAULT clock_timestamp()
)
RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT jobs_internal.finish(p_job_id, p_claim_no, 'completed', p_result, NULL, NULL, p_now);
END;

COMMENT ON FUNCTION jobs.complete IS
'ok, also after it was asked to stop; INVALID_STATE: it does not run; NOT_FOUND. p_claim_no: only if this claim still holds.';

REVOKE ALL ON FUNCTION jobs.complete FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.complete TO tidemark_operator;
