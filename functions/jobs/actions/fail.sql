-- jobs.fail()
-- Says that a running job has failed.
-- requires: jobs_internal.finish()
-- source:   docs/jobs.md, "A job"

CREATE OR REPLACE FUNCTION jobs.fail(
    p_job_id uuid, p_error text, p_traceback text DEFAULT NULL, p_claim_no bigint DEFAULT NULL, p_now timestamptz DEFAULT clock_timestamp()
)
RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT jobs_internal.finish(p_job_id, p_claim_no, 'failed', NULL, p_error, p_traceback, p_now);
END;

COMMENT ON FUNCTION jobs.fail IS
'ok; INVALID_STATE: it does not run; NOT_FOUND. The traceback is for operators. p_claim_no: only if this claim still holds.';

REVOKE ALL ON FUNCTION jobs.fail FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.fail TO tidemark_operator;
