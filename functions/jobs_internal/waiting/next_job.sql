-- jobs_internal.next_job()
-- Locks the job that is to run next.
-- requires: nothing
-- source:   docs/jobs.md, "Claims beside a long transaction"

-- While a transaction is open somewhere, no index loses the entries of jobs that ran since. So a claim does not read the index of what
-- waits from its beginning but from the first tray, and trays with nothing left are put away: one dead entry per 128 jobs. The newest
-- tray of a priority stays, else each job of a quiet queue would open one. A tray that is locked may still get a job from a transaction
-- that is open, and stays as well; whether it is empty is asked once it is locked, in a statement that sees what was committed till then.
CREATE OR REPLACE FUNCTION jobs_internal.next_job()
RETURNS uuid LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
-- a plan made while the table is small is kept by the session
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
DECLARE
    v_tray record;
    v_job_id uuid;
BEGIN
    FOR v_tray IN
        SELECT tra.tray_id, tra.priority, tra.tray_no FROM jobs_internal.trays AS tra ORDER BY tra.priority DESC, tra.tray_no
    LOOP
        SELECT job.job_id INTO v_job_id FROM jobs.job AS job
        WHERE job.status = 'pending' AND job.priority = v_tray.priority
            AND job.job_no >= v_tray.tray_no << 7 AND job.job_no < (v_tray.tray_no + 1) << 7
        ORDER BY job.job_no
        LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
            RETURN v_job_id;
        END IF;
        CONTINUE WHEN NOT EXISTS (
            SELECT FROM jobs_internal.trays AS tra WHERE tra.priority = v_tray.priority AND tra.tray_no > v_tray.tray_no
        );
        PERFORM FROM jobs_internal.trays AS tra WHERE tra.tray_id = v_tray.tray_id FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        DELETE FROM jobs_internal.trays AS tra
        WHERE tra.tray_id = v_tray.tray_id AND NOT EXISTS (
            SELECT FROM jobs.job AS job
            WHERE job.status = 'pending' AND job.priority = v_tray.priority
                AND job.job_no >= v_tray.tray_no << 7 AND job.job_no < (v_tray.tray_no + 1) << 7
        );
    END LOOP;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION jobs_internal.next_job IS
'The first by priority, then by order of submission, of those that no other claim holds; NULL: nothing waits.';

REVOKE ALL ON FUNCTION jobs_internal.next_job FROM PUBLIC;
