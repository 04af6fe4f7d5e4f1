-- Undo 0049_jobs: nothing waits for a worker any more, and what was asked for is forgotten.

DELETE FROM refresh_internal.chores WHERE call = 'jobs_internal.tidy';
DROP TABLE jobs_internal.trays, jobs_internal.capacity, jobs_internal.slots, jobs.job, jobs.worker, jobs.job_type;
DROP SEQUENCE jobs_internal.claims;
DROP SCHEMA jobs_internal;
