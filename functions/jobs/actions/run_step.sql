-- jobs.run_step()
-- Runs one step of a job that was claimed, with the rights of the caller, and notes how it went, in one transaction.
-- requires: jobs_internal.enter_step(), jobs_internal.leave_step()
-- source:   docs/jobs.md, "Steps"

CREATE OR REPLACE FUNCTION jobs.run_step(p_job_id uuid, p_claim_no bigint)
RETURNS text LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_step record;
    v_answer jsonb;
    v_message text;
    v_code text;
    v_context text;
BEGIN
    SELECT ent.outcome, ent.handler, ent.payload, ent.state INTO v_step FROM jobs_internal.enter_step(p_job_id, p_claim_no) AS ent;
    IF v_step.outcome IS NOT NULL THEN
        RETURN v_step.outcome;
    END IF;
    BEGIN
        -- only handlers that were registered, by whoever applies files, are ever called
        EXECUTE format('SELECT %s($1, $2, $3)', v_step.handler) INTO v_answer USING p_job_id, v_step.payload, v_step.state;
    EXCEPTION
        WHEN serialization_failure OR deadlock_detected THEN
            RAISE;  -- the worker tries the step again
        WHEN query_canceled OR OTHERS THEN
            GET STACKED DIAGNOSTICS v_code = RETURNED_SQLSTATE, v_message = MESSAGE_TEXT, v_context = PG_EXCEPTION_CONTEXT;
            RETURN jobs_internal.leave_step(
                p_job_id, p_claim_no, jsonb_build_object('error', v_message), format(E'SQLSTATE %s\n%s', v_code, v_context));
    END;
    RETURN jobs_internal.leave_step(p_job_id, p_claim_no, coalesce(v_answer, '{}'));
END;
$$;

COMMENT ON FUNCTION jobs.run_step IS
'more: call it again; completed, failed, cancelled: the job has ended so; lost: the claim holds no more. What a failed step did is taken back. Raises 40001 and 40P01 of the handler, and 55000 when the job was taken away meanwhile.';

REVOKE ALL ON FUNCTION jobs.run_step FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.run_step TO tidemark_operator;
