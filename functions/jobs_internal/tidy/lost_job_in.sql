-- jobs_internal.lost_job_in()
-- The job in a slot, if its worker is lost.
-- requires: jobs_internal.job_in_slot()
-- source:   docs/jobs.md, "Lost workers"

CREATE OR REPLACE FUNCTION jobs_internal.lost_job_in(p_slot_no integer, p_now timestamptz, p_worker_id bigint, p_claims bigint[])
RETURNS TABLE (job_id uuid, claim_no bigint, cancel_requested boolean, may_try_again boolean) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT job.job_id, job.claim_no, job.cancel_requested, job.attempt_count < typ.max_attempts
        FROM jobs.job AS job
        INNER JOIN jobs.job_type AS typ USING (job_type)
        LEFT JOIN jobs.worker AS wrk USING (worker_id)
        WHERE job.job_id = jobs_internal.job_in_slot(p_slot_no) AND job.worker_id IS NOT NULL
            AND (
                coalesce(wrk.seen_at + wrk.lease < p_now, TRUE)
                -- the answer to a claim got lost on its way to a worker that lives
                OR (job.worker_id = p_worker_id AND job.claim_no <> ALL (p_claims) AND job.started_at + wrk.lease < p_now)
            );
END;
$$;

COMMENT ON FUNCTION jobs_internal.lost_job_in IS
'No row: the slot is free, or its job in good hands. p_worker_id, p_claims: a worker that lives, and what it has in hand.';

REVOKE ALL ON FUNCTION jobs_internal.lost_job_in FROM PUBLIC;
