-- jobs.set_capacity()
-- Says how many jobs may run at once.
-- requires: jobs_internal.job_in_slot()
-- source:   docs/jobs.md, "Capacity"

CREATE OR REPLACE FUNCTION jobs.set_capacity(p_max_concurrent_jobs integer)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_slot_no integer;
BEGIN
    UPDATE jobs_internal.capacity AS cap SET max_concurrent_jobs = p_max_concurrent_jobs;
    INSERT INTO jobs_internal.slots (slot_no)
    SELECT made.slot_no FROM generate_series(1, p_max_concurrent_jobs) AS made (slot_no)
    ON CONFLICT DO NOTHING;
    -- a slot in which a job runs goes when the capacity is set again
    FOR v_slot_no IN
        SELECT slo.slot_no FROM jobs_internal.slots AS slo WHERE slo.slot_no > p_max_concurrent_jobs FOR UPDATE SKIP LOCKED
    LOOP
        DELETE FROM jobs_internal.slots AS slo
        WHERE slo.slot_no = v_slot_no AND jobs_internal.job_in_slot(v_slot_no) IS NULL;
    END LOOP;
    PERFORM pg_notify('tidemark_jobs', '');
END;
$$;

COMMENT ON FUNCTION jobs.set_capacity IS
'From 0, which stops the queue, to 1000. What runs beyond a lower number is not stopped; no job begins until fewer run.';

REVOKE ALL ON FUNCTION jobs.set_capacity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.set_capacity TO tidemark_operator;
