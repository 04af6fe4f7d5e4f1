-- jobs.claim()
-- Gives a worker the job that is to run next.
-- requires: jobs_internal.take_slot(), jobs_internal.next_job()
-- source:   docs/jobs.md, "Claiming"

CREATE OR REPLACE FUNCTION jobs.claim(
    p_worker_id bigint DEFAULT NULL,
    p_now timestamptz DEFAULT clock_timestamp(),
    OUT outcome text,
    OUT job_id uuid,
    OUT claim_no bigint,
    OUT job_type text,
    OUT handler_kind text,
    OUT handler text[],
    OUT payload jsonb
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_slot_no integer;
    v_job_id uuid;
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_transaction_state',
            MESSAGE = 'jobs cannot be claimed in this transaction',
            DETAIL = format('Its isolation level is %s: it does not see which slots others have taken since it began.', current_setting('transaction_isolation')),
            HINT = 'Claim in a READ COMMITTED transaction.';
    END IF;
    v_slot_no := jobs_internal.take_slot();
    IF v_slot_no IS NULL THEN
        outcome := 'AT_CAPACITY';
        RETURN;
    END IF;
    v_job_id := jobs_internal.next_job();
    IF v_job_id IS NULL THEN
        outcome := 'EMPTY';
        RETURN;
    END IF;
    UPDATE jobs.job AS job SET
        status = 'running', started_at = p_now, slot_no = v_slot_no, claim_no = nextval('jobs_internal.claims'), worker_id = p_worker_id,
        attempt_count = job.attempt_count + 1,
        progress = CASE WHEN job.state IS NULL THEN 0 ELSE job.progress END,
        progress_message = CASE WHEN job.state IS NULL THEN 'started' ELSE job.progress_message END
    FROM jobs.job_type AS typ
    WHERE job.job_id = v_job_id AND typ.job_type = job.job_type
    RETURNING job.job_id, job.claim_no, job.job_type, typ.handler_kind,
        CASE typ.handler_kind WHEN 'procedure' THEN parse_ident(typ.handler) ELSE ARRAY[typ.handler] END, job.payload
    INTO job_id, claim_no, job_type, handler_kind, handler, payload;
    IF p_worker_id IS NOT NULL THEN
        -- A claim that a crash of the server loses has left nothing: what the job did is committed later, and lost with it.
        PERFORM set_config('synchronous_commit', 'off', TRUE);
    END IF;
    outcome := 'ok';
END;
$$;

COMMENT ON FUNCTION jobs.claim IS
'ok with the job, handler being the parts of its name; AT_CAPACITY: as many run as may; EMPTY: nothing waits. To be called in a transaction of its own; with p_worker_id, as jobs.join() gave it, its commit does not wait for the disk. Raises 25000 under REPEATABLE READ and SERIALIZABLE.';

REVOKE ALL ON FUNCTION jobs.claim FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.claim TO tidemark_operator;
