-- jobs_internal.tidy()
-- The chore of a tick: removes what has expired, and takes jobs from lost workers where no worker is left to do so.
-- requires: jobs_internal.sweep(), jobs.purge()
-- source:   docs/jobs.md, "How long jobs are kept"

CREATE OR REPLACE FUNCTION jobs_internal.tidy()
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM jobs_internal.sweep();
    RETURN jobs.purge();
END;
$$;

COMMENT ON FUNCTION jobs_internal.tidy IS
'Number of jobs removed.';

REVOKE ALL ON FUNCTION jobs_internal.tidy FROM PUBLIC;
