-- jobs_internal.job_in_slot()
-- The job that runs in a slot.
-- requires: nothing
-- source:   docs/jobs.md, "Capacity"

-- Finished jobs stay in the index, so the last claim of the slot is found at its end whether it still runs or not, and nothing that a
-- long transaction keeps lies before it.
CREATE OR REPLACE FUNCTION jobs_internal.job_in_slot(p_slot_no integer)
RETURNS uuid LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
DECLARE
    v_job_id uuid;
    v_status text;
BEGIN
    SELECT job.job_id, job.status INTO v_job_id, v_status FROM jobs.job AS job
    WHERE job.slot_no = p_slot_no AND job.claim_no IS NOT NULL
    ORDER BY job.claim_no DESC
    LIMIT 1;
    RETURN CASE v_status WHEN 'running' THEN v_job_id END;
END;
$$;

COMMENT ON FUNCTION jobs_internal.job_in_slot IS
'NULL: the slot is free.';

REVOKE ALL ON FUNCTION jobs_internal.job_in_slot FROM PUBLIC;
