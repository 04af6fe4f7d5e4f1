-- jobs_internal.open_tray()
-- Sees to it that claims look where a job will wait.
-- requires: nothing
-- source:   docs/jobs.md, "Claims beside a long transaction"

-- The tray is locked until the job is committed, so no claim puts it away meanwhile. No unique index on trays: who opens one does not
-- wait for another transaction that does the same, and two rows for one tray do no harm. A transaction with one snapshot would fail at a
-- tray that was put away since, so it opens one for itself.
CREATE OR REPLACE FUNCTION jobs_internal.open_tray(p_priority integer, p_job_no bigint)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN
        PERFORM FROM jobs_internal.trays AS tra
        WHERE tra.priority = p_priority AND tra.tray_no = p_job_no >> 7
        LIMIT 1
        FOR KEY SHARE;
    ELSE
        PERFORM FROM jobs_internal.trays AS tra WHERE tra.xmin = pg_current_xact_id()::xid AND tra.priority = p_priority AND tra.tray_no = p_job_no >> 7;
    END IF;
    IF NOT FOUND THEN
        INSERT INTO jobs_internal.trays (priority, tray_no) VALUES (p_priority, p_job_no >> 7);
    END IF;
END;
$$;

COMMENT ON FUNCTION jobs_internal.open_tray IS
'Called by the transaction that makes the job wait.';

REVOKE ALL ON FUNCTION jobs_internal.open_tray FROM PUBLIC;
