-- jobs_internal.enter_step()
-- Locks the slot of a job for one step, and gives what the step needs.
-- requires: jobs_internal.finish()
-- source:   docs/jobs.md, "Steps"

CREATE OR REPLACE FUNCTION jobs_internal.enter_step(
    p_job_id uuid, p_claim_no bigint, OUT outcome text, OUT handler regproc, OUT payload jsonb, OUT state jsonb
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_slot_no integer;
    v_job record;
BEGIN
    SELECT job.slot_no INTO v_slot_no FROM jobs.job AS job
    WHERE job.job_id = p_job_id AND job.claim_no = p_claim_no AND job.status = 'running';
    -- waits for the step of a lost connection, should it still be under way
    PERFORM FROM jobs_internal.slots AS slo WHERE slo.slot_no = v_slot_no FOR UPDATE;
    SELECT job.cancel_requested, job.payload, job.state, job.job_type, typ.handler INTO v_job
    FROM jobs.job AS job
    INNER JOIN jobs.job_type AS typ USING (job_type)
    WHERE job.job_id = p_job_id AND job.claim_no = p_claim_no AND job.status = 'running' AND typ.handler_kind = 'steps';
    IF NOT FOUND THEN
        outcome := 'lost';
    ELSIF v_job.cancel_requested THEN
        PERFORM jobs_internal.finish(p_job_id, p_claim_no, 'cancelled', NULL, 'cancelled', NULL, clock_timestamp());
        outcome := 'cancelled';
    ELSE
        handler := to_regprocedure(v_job.handler || '(uuid, jsonb, jsonb)')::oid::regproc;
        payload := v_job.payload;
        state := v_job.state;
        IF handler IS NULL THEN
            PERFORM jobs_internal.finish(
                p_job_id, p_claim_no, 'failed', NULL, format('the handler %s of %s is gone', v_job.handler, v_job.job_type), NULL, clock_timestamp());
            outcome := 'failed';
        END IF;
    END IF;
END;
$$;

COMMENT ON FUNCTION jobs_internal.enter_step IS
'outcome: NULL, the step may begin; lost, the claim holds no more; cancelled or failed, the job has ended. The lock lasts until the transaction ends.';

REVOKE ALL ON FUNCTION jobs_internal.enter_step FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs_internal.enter_step TO tidemark_operator;
