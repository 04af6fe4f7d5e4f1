-- jobs.cancel()
-- Takes a job back that waits, or asks one that runs to stop.
-- requires: jobs_internal.is_operator(), jobs_internal.is_mine()
-- source:   docs/jobs.md, "Cancelling"

CREATE OR REPLACE FUNCTION jobs.cancel(p_job_id uuid, p_now timestamptz DEFAULT clock_timestamp())
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_status text;
BEGIN
    -- the lock waits for a claim under way, so one of both comes first
    SELECT job.status INTO v_status FROM jobs.job AS job
    WHERE job.job_id = p_job_id AND (jobs_internal.is_operator() OR jobs_internal.is_mine(job.tenant_id, job.submitted_by))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'NOT_FOUND';
    END IF;
    IF v_status NOT IN ('pending', 'running') THEN
        RETURN 'ALREADY_TERMINAL';
    END IF;
    IF v_status = 'running' THEN
        UPDATE jobs.job AS job SET cancel_requested = TRUE WHERE job.job_id = p_job_id AND NOT job.cancel_requested;
        RETURN 'cancel_requested';
    END IF;
    UPDATE jobs.job AS job SET
        status = 'cancelled', cancel_requested = TRUE, error = 'cancelled', state = NULL,
        completed_at = p_now, expires_at = p_now + job.ttl_seconds * interval '1 second'
    WHERE job.job_id = p_job_id;
    RETURN 'cancelled';
END;
$$;

COMMENT ON FUNCTION jobs.cancel IS
'cancelled: it did not run yet and will not; cancel_requested: it runs, and stops at its next step; ALREADY_TERMINAL; NOT_FOUND, also for the job of another tenant.';

REVOKE ALL ON FUNCTION jobs.cancel FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.cancel TO tidemark_app, tidemark_operator;
