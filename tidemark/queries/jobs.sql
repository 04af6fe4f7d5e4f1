-- name: has_jobs
-- True once jobs can be submitted.
SELECT to_regclass('jobs.job_status') IS NOT NULL;

-- name: jobs_submit
-- Asks for a job.
SELECT sub.outcome, sub.job_id
FROM jobs.submit(
    %(job_type)s, %(payload)s::jsonb, %(priority)s, %(ttl_seconds)s::integer, p_user_id => %(user_id)s, p_job_id => %(job_id)s::uuid,
    p_once_key => %(once_key)s, p_within => %(within)s::interval
) AS sub;

-- name: jobs_submit_refresh
-- Asks for a stored view to be refreshed.
SELECT sub.outcome, sub.job_id FROM jobs.submit_refresh(%(view)s, %(priority)s) AS sub;

-- name: jobs_list
-- Jobs that the login may see, the newest first.
SELECT
    sta.job_id, sta.job_type, sta.priority, sta.status, sta.progress, sta.progress_message, sta.tenant_id, sta.created_at, sta.started_at,
    sta.completed_at, sta.duration_seconds, sta.error
FROM jobs.job_status AS sta
WHERE (%(status)s::text IS NULL OR sta.status = %(status)s) AND (%(job_type)s::text IS NULL OR sta.job_type = %(job_type)s)
ORDER BY sta.job_no DESC
LIMIT %(limit)s;

-- name: jobs_show
-- One job that the login may see.
SELECT
    sta.job_id, sta.job_type, sta.priority, sta.payload, sta.tenant_id, sta.user_id, sta.submitted_by, sta.status, sta.progress,
    sta.progress_message, sta.result, sta.error, sta.cancel_requested, sta.attempt_count, sta.worker_id, sta.created_at, sta.started_at,
    sta.completed_at, sta.duration_seconds, sta.ttl_seconds, sta.expires_at
FROM jobs.job_status AS sta
WHERE sta.job_id = %(job_id)s::uuid;

-- name: jobs_cancel
-- Takes a job back, or asks it to stop.
SELECT jobs.cancel(%(job_id)s::uuid);

-- name: jobs_health
-- How the queue is doing.
SELECT
    hea.status, hea.service, hea.max_concurrent_jobs, hea.running_jobs, hea.pending_jobs, hea.completed_jobs, hea.failed_jobs,
    hea.cancelled_jobs, hea.oldest_pending_at, hea.live_workers, hea.lost_workers, hea.registered_handlers, hea.builtin_handlers
FROM jobs.health AS hea;

-- name: jobs_set_capacity
-- Says how many jobs may run at once.
SELECT jobs.set_capacity(%(capacity)s);

-- name: jobs_join
-- Makes the process known as a worker.
SELECT jobs.join(%(name)s, %(concurrency)s, %(lease)s::interval);

-- name: jobs_heartbeat
-- Says that the worker is alive, and what it has in hand.
SELECT jobs.heartbeat(%(worker_id)s, %(claims)s::bigint []);

-- name: jobs_leave
-- Says that the worker ends.
SELECT jobs.leave(%(worker_id)s);

-- name: jobs_claim
-- The job to run next.
SELECT cla.outcome, cla.job_id, cla.claim_no, cla.job_type, cla.handler_kind, cla.handler, cla.payload
FROM jobs.claim(%(worker_id)s) AS cla;

-- name: jobs_run_step
-- Runs one step of a job.
SELECT jobs.run_step(%(job_id)s, %(claim_no)s);

-- name: jobs_progress
-- Notes how far a job is.
SELECT jobs.progress(%(job_id)s, %(progress)s::numeric, %(message)s, %(claim_no)s);

-- name: jobs_complete
-- Says that a job is done.
SELECT jobs.complete(%(job_id)s, %(result)s::jsonb, %(claim_no)s);

-- name: jobs_fail
-- Says that a job has failed.
SELECT jobs.fail(%(job_id)s, %(error)s, %(traceback)s, %(claim_no)s);

-- name: jobs_cancel_ack
-- Says that a job has stopped because it was asked to.
SELECT jobs.cancel_ack(%(job_id)s, %(claim_no)s);

-- name: jobs_give_back
-- Lets a job wait again.
SELECT jobs.give_back(%(job_id)s, %(claim_no)s);
