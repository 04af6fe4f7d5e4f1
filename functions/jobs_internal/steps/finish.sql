-- jobs_internal.finish()
-- Ends a running job.
-- requires: nothing
-- source:   docs/jobs.md, "A job"

CREATE OR REPLACE FUNCTION jobs_internal.finish(
    p_job_id uuid, p_claim_no bigint, p_status text, p_result jsonb, p_error text, p_traceback text, p_now timestamptz
)
RETURNS text LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE jobs.job AS job SET
        status = p_status,
        progress = CASE p_status WHEN 'completed' THEN 100 ELSE job.progress END,
        progress_message = CASE p_status WHEN 'completed' THEN 'completed' ELSE job.progress_message END,
        result = p_result, error = p_error, error_traceback = p_traceback, state = NULL,
        completed_at = p_now, expires_at = p_now + job.ttl_seconds * interval '1 second'
    WHERE job.job_id = p_job_id AND job.status = 'running' AND job.claim_no = coalesce(p_claim_no, job.claim_no)
        AND (p_status <> 'cancelled' OR job.cancel_requested);
    RETURN CASE
        WHEN FOUND THEN 'ok'
        WHEN EXISTS (SELECT FROM jobs.job AS job WHERE job.job_id = p_job_id) THEN 'INVALID_STATE'
        ELSE 'NOT_FOUND'
    END;
END;
$$;

COMMENT ON FUNCTION jobs_internal.finish IS
'ok, INVALID_STATE or NOT_FOUND. p_claim_no: only if this claim still holds; NULL: whoever claimed it. Cancelled only what was asked to be.';

REVOKE ALL ON FUNCTION jobs_internal.finish FROM PUBLIC;
