-- jobs_internal.refresh_view()
-- The handler of jobs of the type refresh: brings one stored view up to date.
-- requires: refresh.try_run()
-- source:   docs/jobs.md, "Refreshing as a job"

CREATE OR REPLACE FUNCTION jobs_internal.refresh_view(p_job_id uuid, p_payload jsonb, p_state jsonb)
RETURNS jsonb LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_run record;
BEGIN
    SELECT tri.* INTO v_run FROM refresh.try_run(p_payload ->> 'view', coalesce((p_payload ->> 'full')::boolean, FALSE)) AS tri;
    -- the failure is in the log of runs: it is answered, not raised, so that it stays there
    RETURN CASE v_run.mode
        WHEN 'failed' THEN jsonb_build_object('error', format('%s: %s', v_run.view_name, v_run.error_message))
        ELSE jsonb_build_object('result', jsonb_build_object(
            'view', v_run.view_name, 'mode', v_run.mode, 'reason', v_run.reason, 'keys', v_run.key_count,
            'inserted', v_run.inserted_count, 'updated', v_run.updated_count, 'deleted', v_run.deleted_count))
    END;
END;
$$;

COMMENT ON FUNCTION jobs_internal.refresh_view IS
'Payload {"view": "schema.name", "full": false}; the result is that of refresh.run().';

REVOKE ALL ON FUNCTION jobs_internal.refresh_view FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs_internal.refresh_view TO tidemark_operator;
