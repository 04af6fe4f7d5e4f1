-- jobs.submit_refresh()
-- Asks for a stored view to be refreshed by a worker; requests within its target lag share one run.
-- requires: jobs.submit(), refresh_internal.registered()
-- source:   docs/jobs.md, "Refreshing as a job"

CREATE OR REPLACE FUNCTION jobs.submit_refresh(view text, p_priority text DEFAULT NULL, OUT outcome text, OUT job_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(submit_refresh.view);
BEGIN
    SELECT sub.outcome, sub.job_id INTO outcome, job_id
    FROM jobs.submit(
        'refresh', jsonb_build_object('view', v_view.view_name), p_priority, p_tenant_id => NULL,
        p_once_key => v_view.view_name, p_within => v_view.target_lag
    ) AS sub;
END;
$$;

COMMENT ON FUNCTION jobs.submit_refresh IS
'ok: a new job; joined: one that waits, or was begun no longer ago than the target lag of the view. Raises 42704 for an unknown view.';

REVOKE ALL ON FUNCTION jobs.submit_refresh FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.submit_refresh TO tidemark_app, tidemark_operator;
