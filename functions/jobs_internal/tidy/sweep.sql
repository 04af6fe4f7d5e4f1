-- jobs_internal.sweep()
-- Finds jobs whose worker is lost, and lets them wait again or fail.
-- requires: jobs_internal.lost_job_in(), jobs_internal.job_in_slot(), jobs_internal.back_to_waiting(), jobs_internal.finish()
-- source:   docs/jobs.md, "Lost workers"

-- A slot that is locked is that of a step under way: its transaction is alive, although the worker's process may be dead, and will
-- commit with the job completed. Only what nobody works on is taken away, and under the lock, so that no step begins meanwhile.
CREATE OR REPLACE FUNCTION jobs_internal.sweep(p_now timestamptz DEFAULT clock_timestamp(), p_worker_id bigint DEFAULT NULL, p_claims bigint[] DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_slot_no integer;
    v_job record;
    v_count integer := 0;
BEGIN
    FOR v_slot_no IN SELECT slo.slot_no FROM jobs_internal.slots AS slo ORDER BY slo.slot_no LOOP
        CONTINUE WHEN NOT EXISTS (SELECT FROM jobs_internal.lost_job_in(v_slot_no, p_now, p_worker_id, p_claims));
        PERFORM FROM jobs_internal.slots AS slo WHERE slo.slot_no = v_slot_no FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        SELECT los.* INTO v_job FROM jobs_internal.lost_job_in(v_slot_no, p_now, p_worker_id, p_claims) AS los;
        CONTINUE WHEN NOT FOUND;
        IF v_job.cancel_requested THEN
            PERFORM jobs_internal.finish(v_job.job_id, v_job.claim_no, 'cancelled', NULL, 'cancelled', NULL, p_now);
        ELSIF v_job.may_try_again THEN
            PERFORM jobs_internal.back_to_waiting(v_job.job_id, v_job.claim_no);
        ELSE
            PERFORM jobs_internal.finish(v_job.job_id, v_job.claim_no, 'failed', NULL, 'worker lost', NULL, p_now);
        END IF;
        v_count := v_count + 1;
    END LOOP;
    DELETE FROM jobs.worker AS wrk
    WHERE wrk.seen_at + wrk.lease * 10 < p_now
        AND NOT EXISTS (SELECT FROM jobs_internal.slots AS slo
            INNER JOIN jobs.job AS job ON job.job_id = jobs_internal.job_in_slot(slo.slot_no) AND job.worker_id = wrk.worker_id);
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION jobs_internal.sweep IS
'Number of jobs taken from lost workers.';

REVOKE ALL ON FUNCTION jobs_internal.sweep FROM PUBLIC;
