-- jobs.progress()
-- Notes how far a running job is, and tells whether it is asked to stop.
-- requires: nothing
-- source:   docs/jobs.md, "Handlers"

CREATE OR REPLACE FUNCTION jobs.progress(p_job_id uuid, p_progress numeric, p_message text DEFAULT NULL, p_claim_no bigint DEFAULT NULL)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_cancel boolean;
BEGIN
    UPDATE jobs.job AS job SET
        progress = least(greatest(coalesce(trunc(p_progress), job.progress), 0), 100), progress_message = coalesce(p_message, job.progress_message)
    WHERE job.job_id = p_job_id AND job.status = 'running' AND job.claim_no = coalesce(p_claim_no, job.claim_no)
    RETURNING job.cancel_requested INTO v_cancel;
    IF FOUND THEN
        RETURN CASE WHEN v_cancel THEN 'cancel_requested' ELSE 'ok' END;
    END IF;
    RETURN CASE WHEN EXISTS (SELECT FROM jobs.job AS job WHERE job.job_id = p_job_id) THEN 'INVALID_STATE' ELSE 'NOT_FOUND' END;
END;
$$;

COMMENT ON FUNCTION jobs.progress IS
'ok; cancel_requested: stored as well, and the job is asked to stop; INVALID_STATE: it does not run, or under another claim; NOT_FOUND. Forced into 0 to 100; a message of NULL keeps the last one.';

REVOKE ALL ON FUNCTION jobs.progress FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.progress TO tidemark_operator;
