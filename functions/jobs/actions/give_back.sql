-- jobs.give_back()
-- Lets a job wait again that was claimed and is not done, as a worker does that is asked to end.
-- requires: jobs_internal.back_to_waiting()
-- source:   docs/jobs.md, "A worker"

CREATE OR REPLACE FUNCTION jobs.give_back(p_job_id uuid, p_claim_no bigint)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE jobs.job AS job SET attempt_count = job.attempt_count - 1
    WHERE job.job_id = p_job_id AND job.claim_no = p_claim_no AND job.status = 'running';
    RETURN jobs_internal.back_to_waiting(p_job_id, p_claim_no);
END;
$$;

COMMENT ON FUNCTION jobs.give_back IS
'FALSE: the claim holds no more. It is not counted as an attempt.';

REVOKE ALL ON FUNCTION jobs.give_back FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.give_back TO tidemark_operator;
