-- jobs_internal.back_to_waiting()
-- Lets a running job wait again, at its old place.
-- requires: jobs_internal.open_tray()
-- source:   docs/jobs.md, "Lost workers"

CREATE OR REPLACE FUNCTION jobs_internal.back_to_waiting(p_job_id uuid, p_claim_no bigint)
RETURNS boolean LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_job record;
BEGIN
    UPDATE jobs.job AS job SET status = 'pending', slot_no = NULL, claim_no = NULL, worker_id = NULL, started_at = NULL
    WHERE job.job_id = p_job_id AND job.status = 'running' AND job.claim_no = p_claim_no
    RETURNING job.priority, job.job_no INTO v_job;
    IF NOT FOUND THEN
        RETURN FALSE;
    END IF;
    PERFORM jobs_internal.open_tray(v_job.priority, v_job.job_no);
    PERFORM pg_notify('tidemark_jobs', '');
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION jobs_internal.back_to_waiting IS
'FALSE: the claim holds no more. What its last finished step left is kept, so the next claim goes on from there.';

REVOKE ALL ON FUNCTION jobs_internal.back_to_waiting FROM PUBLIC;
