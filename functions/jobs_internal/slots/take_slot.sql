-- jobs_internal.take_slot()
-- Locks a free slot.
-- requires: jobs_internal.job_in_slot()
-- source:   docs/jobs.md, "Capacity"

-- A free slot is looked for without its lock, so whether it is free is asked again with it: the statement that asks then sees what the
-- one who had it locked before has committed. Slots beyond the capacity are those of jobs that ran when it was lowered; as long as there
-- are any, fewer of the others may be used.
CREATE OR REPLACE FUNCTION jobs_internal.take_slot()
RETURNS integer LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_usable integer;
    v_slot_no integer;
BEGIN
    SELECT cap.max_concurrent_jobs INTO v_usable FROM jobs_internal.capacity AS cap;
    IF EXISTS (SELECT FROM jobs_internal.slots AS slo WHERE slo.slot_no > v_usable) THEN
        SELECT coalesce(max(cut.slot_no), 0) INTO v_usable FROM (
            SELECT
                slo.slot_no,
                count(jobs_internal.job_in_slot(slo.slot_no)) OVER (ORDER BY slo.slot_no DESC) - count(jobs_internal.job_in_slot(slo.slot_no)) OVER (PARTITION BY slo.slot_no) AS running_above
            FROM jobs_internal.slots AS slo
        ) AS cut
        WHERE cut.slot_no + cut.running_above <= v_usable;
    END IF;
    FOR v_slot_no IN
        SELECT slo.slot_no FROM jobs_internal.slots AS slo WHERE slo.slot_no <= v_usable ORDER BY slo.slot_no
    LOOP
        CONTINUE WHEN jobs_internal.job_in_slot(v_slot_no) IS NOT NULL;
        PERFORM FROM jobs_internal.slots AS slo WHERE slo.slot_no = v_slot_no FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        IF jobs_internal.job_in_slot(v_slot_no) IS NULL THEN
            RETURN v_slot_no;
        END IF;
    END LOOP;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION jobs_internal.take_slot IS
'NULL: as many jobs run as may. The slot stays locked until the transaction ends.';

REVOKE ALL ON FUNCTION jobs_internal.take_slot FROM PUBLIC;
