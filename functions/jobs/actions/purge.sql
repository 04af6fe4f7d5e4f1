-- jobs.purge()
-- Removes finished jobs that were kept long enough.
-- requires: nothing
-- source:   docs/jobs.md, "How long jobs are kept"

CREATE OR REPLACE FUNCTION jobs.purge(p_now timestamptz DEFAULT clock_timestamp())
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count bigint;
BEGIN
    DELETE FROM jobs.job AS job WHERE job.expires_at <= p_now;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION jobs.purge IS
'Number of jobs removed. One that is not finished is never removed.';

REVOKE ALL ON FUNCTION jobs.purge FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.purge TO tidemark_operator;
