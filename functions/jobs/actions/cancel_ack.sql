-- jobs.cancel_ack()
-- Says that a running job has stopped because it was asked to.
-- requires: jobs_internal.finish()
-- source:   docs/jobs.md, "A job"

CREATE OR REPLACE FUNCTION jobs.cancel_ack(
    p_job_id uuid, p_claim_no bigint DEFAULT NULL, p_now timestamptz DEFAULT clock_timestamp()
)
RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT jobs_internal.finish(p_job_id, p_claim_no, 'cancelled', NULL, 'cancelled', NULL, p_now);
END;

COMMENT ON FUNCTION jobs.cancel_ack IS
'ok; INVALID_STATE: it does not run, or nobody asked it to stop; NOT_FOUND. p_claim_no: only if this claim still holds.';

REVOKE ALL ON FUNCTION jobs.cancel_ack FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.cancel_ack TO tidemark_operator;
