-- jobs_internal.leave_step()
-- Notes what a step has answered.
-- requires: jobs_internal.finish()
-- source:   docs/jobs.md, "Steps"

CREATE OR REPLACE FUNCTION jobs_internal.leave_step(p_job_id uuid, p_claim_no bigint, p_answer jsonb, p_traceback text DEFAULT NULL)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_outcome text;
    v_found text;
BEGIN
    IF p_answer ? 'error' THEN
        v_outcome := 'failed';
        v_found := jobs_internal.finish(p_job_id, p_claim_no, 'failed', NULL, p_answer ->> 'error', p_traceback, clock_timestamp());
    ELSIF p_answer ? 'state' THEN
        v_outcome := 'more';
        UPDATE jobs.job AS job SET
            state = p_answer -> 'state',
            progress = least(greatest(coalesce(trunc((p_answer ->> 'progress')::numeric), job.progress), 0), 100),
            progress_message = coalesce(p_answer ->> 'message', job.progress_message)
        WHERE job.job_id = p_job_id AND job.claim_no = p_claim_no AND job.status = 'running';
        v_found := CASE WHEN FOUND THEN 'ok' ELSE 'INVALID_STATE' END;
    ELSE
        v_outcome := 'completed';
        v_found := jobs_internal.finish(
            p_job_id, p_claim_no, 'completed', CASE WHEN p_answer ? 'result' THEN p_answer -> 'result' ELSE p_answer END, NULL, NULL, clock_timestamp());
    END IF;
    -- what the step did must not be committed beside what another claim does
    IF v_found <> 'ok' THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('job %s was taken away from claim %s', p_job_id, p_claim_no),
            DETAIL = 'It was ended or claimed anew while this step ran; what the step did is taken back.',
            HINT = 'Nothing needs to be done.';
    END IF;
    RETURN v_outcome;
END;
$$;

COMMENT ON FUNCTION jobs_internal.leave_step IS
'more, completed or failed. p_answer: of the handler, see docs/jobs.md. Raises 55000 when the claim holds no more.';

REVOKE ALL ON FUNCTION jobs_internal.leave_step FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs_internal.leave_step TO tidemark_operator;
