-- jobs.health
-- How the queue is doing, in one row.
-- grain:    one row
-- requires: nothing
-- source:   docs/jobs.md, "Health"
-- tidemark-ignore: clock-call because a worker is alive by the wall clock, whatever day the rules are set to

CREATE OR REPLACE VIEW jobs.health AS
WITH counted AS (
    SELECT
        count(*) FILTER (WHERE job.status = 'running') AS running_jobs,
        count(*) FILTER (WHERE job.status = 'pending') AS pending_jobs,
        count(*) FILTER (WHERE job.status = 'completed') AS completed_jobs,
        count(*) FILTER (WHERE job.status = 'failed') AS failed_jobs,
        count(*) FILTER (WHERE job.status = 'cancelled') AS cancelled_jobs,
        min(job.created_at) FILTER (WHERE job.status = 'pending') AS oldest_pending_at
    FROM jobs.job AS job
),

alive AS (
    SELECT
        count(*) FILTER (WHERE wrk.seen_at + wrk.lease >= clock_timestamp()) AS live_workers,
        count(*) FILTER (WHERE wrk.seen_at + wrk.lease < clock_timestamp()) AS lost_workers
    FROM jobs.worker AS wrk
)

SELECT
    CASE
        WHEN counted.pending_jobs > 0 AND alive.live_workers = 0 THEN 'no_worker'
        WHEN alive.lost_workers > 0 THEN 'worker_lost'
        WHEN counted.pending_jobs > 0 AND counted.running_jobs >= cap.max_concurrent_jobs THEN 'at_capacity'
        ELSE 'healthy'
    END AS status,
    'async_job_queue' AS service,
    cap.max_concurrent_jobs,
    counted.running_jobs,
    counted.pending_jobs,
    counted.completed_jobs,
    counted.failed_jobs,
    counted.cancelled_jobs,
    counted.oldest_pending_at,
    alive.live_workers,
    alive.lost_workers,
    ARRAY(
        SELECT typ.job_type FROM jobs.job_type AS typ WHERE NOT typ.is_builtin ORDER BY typ.job_type COLLATE "C"
    ) AS registered_handlers,
    ARRAY(
        SELECT typ.job_type FROM jobs.job_type AS typ WHERE typ.is_builtin ORDER BY typ.job_type COLLATE "C"
    ) AS builtin_handlers
FROM jobs_internal.capacity AS cap
CROSS JOIN counted
CROSS JOIN alive;

COMMENT ON VIEW jobs.health IS
'status: no_worker, jobs wait and no worker is alive; worker_lost; at_capacity, jobs wait because as many run as may; healthy. Counts of finished jobs are of those that are kept.';

GRANT SELECT ON jobs.health TO tidemark_app, tidemark_operator;
