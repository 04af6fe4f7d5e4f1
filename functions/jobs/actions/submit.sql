-- jobs.submit()
-- Asks for work to be done by a worker.
-- requires: jobs_internal.open_tray(), jobs_internal.is_operator(), jobs_internal.own_tenant(), deploy_internal.caller_role()
-- source:   docs/jobs.md, "Submitting"

CREATE OR REPLACE FUNCTION jobs.submit(
    p_job_type text,
    p_payload jsonb DEFAULT '{}',
    p_priority text DEFAULT NULL,
    p_ttl_seconds integer DEFAULT NULL,
    p_tenant_id uuid DEFAULT jobs_internal.own_tenant(),
    p_user_id text DEFAULT NULL,
    p_job_id uuid DEFAULT NULL,
    p_once_key text DEFAULT NULL,
    p_within interval DEFAULT interval '0',
    p_now timestamptz DEFAULT clock_timestamp(),
    OUT outcome text,
    OUT job_id uuid
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_type jobs.job_type;
    v_last record;
    v_job_no bigint;
    v_priority integer;
BEGIN
    SELECT typ.* INTO v_type FROM jobs.job_type AS typ WHERE typ.job_type = p_job_type;
    IF NOT FOUND THEN
        outcome := 'UNKNOWN_JOB_TYPE';
        RETURN;
    END IF;
    v_priority := CASE WHEN p_priority IS NULL THEN v_type.default_priority
        ELSE array_position(ARRAY['low', 'normal', 'high', 'critical'], p_priority) - 1 END;
    outcome := CASE WHEN v_priority IS NULL THEN 'INVALID_PRIORITY'
        WHEN p_ttl_seconds NOT BETWEEN 60 AND 86400 THEN 'INVALID_TTL' END;
    IF outcome IS NOT NULL THEN
        RETURN;
    END IF;
    IF (v_type.is_for_operators OR (p_tenant_id IS NOT NULL AND p_tenant_id IS DISTINCT FROM jobs_internal.own_tenant()))
        AND NOT jobs_internal.is_operator() THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('%s may not submit this job of the type %s', deploy_internal.caller_role(), p_job_type),
            DETAIL = CASE WHEN v_type.is_for_operators THEN 'Jobs of this type are for operators.' ELSE 'The session works for another tenant, or for none.' END,
            HINT = 'Set app.current_tenant_id to the tenant of the job, or have an operator submit it.';
    END IF;
    IF p_once_key IS NOT NULL THEN
        SELECT job.job_id, job.status, job.started_at, job.cancel_requested INTO v_last FROM jobs.job AS job
        WHERE job.job_type = p_job_type AND job.once_key = p_once_key AND job.tenant_id IS NOT DISTINCT FROM p_tenant_id
        ORDER BY job.job_no DESC
        LIMIT 1;
        IF v_last.status = 'pending' OR (
            v_last.status IN ('running', 'completed') AND v_last.started_at > p_now - p_within AND NOT v_last.cancel_requested
        ) THEN
            outcome := 'joined';
            job_id := v_last.job_id;
            RETURN;
        END IF;
    END IF;
    INSERT INTO jobs.job AS job (
        job_id, job_type, priority, payload, tenant_id, user_id, submitted_by, once_key, created_at, ttl_seconds
    ) VALUES (
        coalesce(p_job_id, gen_random_uuid()), p_job_type, v_priority, coalesce(p_payload, '{}'), p_tenant_id, p_user_id,
        deploy_internal.caller_role(), p_once_key, p_now, coalesce(p_ttl_seconds, v_type.default_ttl_seconds)
    )
    ON CONFLICT ON CONSTRAINT job_pkey DO NOTHING
    RETURNING job.job_id, job.job_no INTO job_id, v_job_no;
    IF NOT FOUND THEN
        outcome := 'DUPLICATE_JOB';
        RETURN;
    END IF;
    PERFORM jobs_internal.open_tray(v_priority, v_job_no);
    PERFORM pg_notify('tidemark_jobs', '');
    outcome := 'ok';
END;
$$;

COMMENT ON FUNCTION jobs.submit IS
'ok with the number of the job; or UNKNOWN_JOB_TYPE, INVALID_PRIORITY, INVALID_TTL, DUPLICATE_JOB. p_once_key: joined, with a job of that key that waits or was begun within p_within, instead of a new one. Raises 42501 for a type or a tenant that the caller may not submit.';

REVOKE ALL ON FUNCTION jobs.submit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.submit TO tidemark_app, tidemark_operator;
