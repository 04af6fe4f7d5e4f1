-- jobs_internal.tick()
-- The handler of jobs of the type tick: one round of everything that is due.
-- requires: refresh.tick()
-- source:   docs/jobs.md, "Refreshing as a job"

CREATE OR REPLACE PROCEDURE jobs_internal.tick(p_job_id uuid, p_payload jsonb, INOUT p_result jsonb DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
    v_run integer := 0;
    v_failed integer := 0;
    v_busy integer := 0;
    v_late integer := 0;
BEGIN
    CALL refresh.tick(coalesce((p_payload ->> 'max_seconds')::numeric, 50), v_run, v_failed, v_busy, v_late);
    p_result := pg_catalog.jsonb_build_object('refreshed', v_run, 'failed', v_failed, 'busy', v_busy, 'late', v_late);
    COMMIT;
END;
$$;

COMMENT ON PROCEDURE jobs_internal.tick IS
'Payload {"max_seconds": 50}; the result holds the numbers of views that were refreshed, failed, were found busy, and are late.';

REVOKE ALL ON PROCEDURE jobs_internal.tick FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE jobs_internal.tick TO tidemark_operator;
