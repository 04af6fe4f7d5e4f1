-- jobs.job_status
-- How jobs stand, for who asked for them.
-- grain:    one row per job that is kept and that the caller may see
-- requires: jobs_internal.is_operator(), jobs_internal.is_mine(), jobs_internal.priority_name()
-- source:   docs/jobs.md, "A job"

CREATE OR REPLACE VIEW jobs.job_status WITH (security_barrier) AS
SELECT
    job.job_id,
    job.job_type,
    jobs_internal.priority_name(job.priority) AS priority,
    job.payload,
    job.tenant_id,
    job.user_id,
    job.submitted_by,
    job.status,
    job.progress,
    job.progress_message,
    job.result,
    job.error,
    job.cancel_requested,
    job.attempt_count,
    job.worker_id,
    job.created_at,
    job.started_at,
    job.completed_at,
    extract(EPOCH FROM job.completed_at - job.started_at) AS duration_seconds,
    job.ttl_seconds,
    job.expires_at,
    job.job_no
FROM jobs.job AS job
WHERE (SELECT jobs_internal.is_operator()) OR jobs_internal.is_mine(job.tenant_id, job.submitted_by);

COMMENT ON VIEW jobs.job_status IS
'The tenant of app.current_tenant_id sees its jobs, a login its own ones without tenant, operators all. duration_seconds: from the start of the claim that ended it. The traceback of an error is in jobs.job, for operators.';

GRANT SELECT ON jobs.job_status TO tidemark_app, tidemark_operator;
