-- Work that waits for a worker: who asked for it, who runs it, how far it is.
-- depends: 0048_audit_seals

CREATE SCHEMA jobs_internal;
COMMENT ON SCHEMA jobs_internal IS
'What the verbs of schema jobs are made of.';

CREATE TABLE jobs.job_type (
    job_type text CONSTRAINT job_type_pkey PRIMARY KEY
    CONSTRAINT job_type_is_a_word_check CHECK (job_type ~ '^[a-z][a-z0-9_.]{0,62}$'),
    handler text NOT NULL,
    handler_kind text NOT NULL CONSTRAINT job_type_handler_kind_is_known_check CHECK (handler_kind IN ('steps', 'procedure', 'outside')),
    default_priority integer NOT NULL CONSTRAINT job_type_default_priority_is_known_check CHECK (default_priority BETWEEN 0 AND 3),
    default_ttl_seconds integer NOT NULL CONSTRAINT job_type_default_ttl_is_known_check CHECK (default_ttl_seconds BETWEEN 60 AND 86400),
    max_attempts integer NOT NULL CONSTRAINT job_type_max_attempts_is_positive_check CHECK (max_attempts >= 1),
    is_for_operators boolean NOT NULL DEFAULT FALSE,
    is_builtin boolean NOT NULL DEFAULT FALSE
);
COMMENT ON TABLE jobs.job_type IS
'Kinds of work that may be asked for, and the one routine that does each; written by jobs.register().';
COMMENT ON COLUMN jobs.job_type.handler IS 'Function or procedure with its schema; of the kind outside: what a program outside the database knows it by.';
COMMENT ON COLUMN jobs.job_type.handler_kind IS
'steps: a function, each call of it one transaction together with what is noted of it; procedure: called outside a transaction, commits by itself; outside: a program claims and completes the job.';
COMMENT ON COLUMN jobs.job_type.default_priority IS '0 low, 1 normal, 2 high, 3 critical.';
COMMENT ON COLUMN jobs.job_type.default_ttl_seconds IS 'How long a finished job is kept, unless it was submitted with another time.';
COMMENT ON COLUMN jobs.job_type.max_attempts IS 'A job whose worker is lost waits again until it was claimed so often; then it has failed.';
COMMENT ON COLUMN jobs.job_type.is_for_operators IS 'TRUE: only members of tidemark_operator may submit it.';
COMMENT ON COLUMN jobs.job_type.is_builtin IS 'TRUE: it came with the queue itself.';

CREATE TABLE jobs.worker (
    worker_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT worker_pkey PRIMARY KEY,
    worker_name text NOT NULL,
    login text NOT NULL DEFAULT session_user,
    concurrency integer NOT NULL CONSTRAINT worker_concurrency_is_positive_check CHECK (concurrency >= 1),
    lease interval NOT NULL CONSTRAINT worker_lease_is_positive_check CHECK (lease > interval '0'),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
COMMENT ON TABLE jobs.worker IS
'Processes that run jobs. One that was not seen for longer than its lease is lost.';

CREATE TABLE jobs.job (
    job_id uuid CONSTRAINT job_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    job_no bigint GENERATED ALWAYS AS IDENTITY,
    job_type text NOT NULL CONSTRAINT job_job_type_fkey REFERENCES jobs.job_type,
    priority integer NOT NULL CONSTRAINT job_priority_is_known_check CHECK (priority BETWEEN 0 AND 3),
    payload jsonb NOT NULL,
    tenant_id uuid,
    user_id text,
    submitted_by text NOT NULL,
    once_key text,
    status text NOT NULL DEFAULT 'pending'
    CONSTRAINT job_status_is_known_check CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    progress integer NOT NULL DEFAULT 0 CONSTRAINT job_progress_is_percentage_check CHECK (progress BETWEEN 0 AND 100),
    progress_message text,
    state jsonb,
    result jsonb,
    error text,
    error_traceback text,
    cancel_requested boolean NOT NULL DEFAULT FALSE,
    attempt_count integer NOT NULL DEFAULT 0,
    slot_no integer,
    claim_no bigint,
    worker_id bigint,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    completed_at timestamptz,
    ttl_seconds integer NOT NULL CONSTRAINT job_ttl_is_known_check CHECK (ttl_seconds BETWEEN 60 AND 86400),
    expires_at timestamptz,
    CONSTRAINT job_running_has_slot_check CHECK (status <> 'running' OR (slot_no IS NOT NULL AND claim_no IS NOT NULL AND started_at IS NOT NULL)),
    CONSTRAINT job_finished_expires_check CHECK ((status IN ('pending', 'running')) = (expires_at IS NULL AND completed_at IS NULL))
) WITH (fillfactor = 80);
-- the next one: holds what waits, and nothing of what is done
CREATE INDEX job_priority_job_no_idx ON jobs.job (priority, job_no) WHERE status = 'pending';
-- the last job of a slot, which says whether the slot is free
CREATE INDEX job_slot_no_claim_no_idx ON jobs.job (slot_no, claim_no) WHERE claim_no IS NOT NULL;
CREATE INDEX job_expires_at_idx ON jobs.job (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX job_job_type_once_key_idx ON jobs.job (job_type, once_key, job_no) WHERE once_key IS NOT NULL;
COMMENT ON TABLE jobs.job IS
'One row per job, the only place that says how it stands; written by the functions of schema jobs, read through jobs.job_status.';
COMMENT ON COLUMN jobs.job.job_no IS 'Order of submission.';
COMMENT ON COLUMN jobs.job.priority IS '0 low, 1 normal, 2 high, 3 critical.';
COMMENT ON COLUMN jobs.job.payload IS 'What the handler is asked to do.';
COMMENT ON COLUMN jobs.job.submitted_by IS 'Role that asked for it.';
COMMENT ON COLUMN jobs.job.once_key IS 'Requests of one type and key may share a job; NULL: never.';
COMMENT ON COLUMN jobs.job.state IS 'What the last step left for the next one.';
COMMENT ON COLUMN jobs.job.attempt_count IS 'How often it was claimed.';
COMMENT ON COLUMN jobs.job.slot_no IS 'Slot in which it runs, or ran last.';
COMMENT ON COLUMN jobs.job.claim_no IS 'Number of the claim, larger with each; who holds an older one has lost the job.';
COMMENT ON COLUMN jobs.job.worker_id IS 'Worker that claimed it; NULL: somebody who is not watched.';
COMMENT ON COLUMN jobs.job.expires_at IS 'From when on it may be removed; NULL while it is not finished.';

CREATE SEQUENCE jobs_internal.claims;

CREATE TABLE jobs_internal.slots (
    slot_no integer CONSTRAINT slots_pkey PRIMARY KEY
);
COMMENT ON TABLE jobs_internal.slots IS
'As many rows as jobs may run at once. Locked by who puts a job into the slot and by each step of it, and never updated.';
INSERT INTO jobs_internal.slots (slot_no) SELECT slot_no FROM generate_series(1, 10) AS made (slot_no);

CREATE TABLE jobs_internal.capacity (
    is_there boolean CONSTRAINT capacity_pkey PRIMARY KEY DEFAULT TRUE CONSTRAINT capacity_is_one_row_check CHECK (is_there),
    max_concurrent_jobs integer NOT NULL CONSTRAINT capacity_is_not_negative_check CHECK (max_concurrent_jobs BETWEEN 0 AND 1000)
);
COMMENT ON TABLE jobs_internal.capacity IS
'How many jobs may run at once; set by jobs.set_capacity().';
INSERT INTO jobs_internal.capacity (max_concurrent_jobs) VALUES (10);

CREATE TABLE jobs_internal.trays (
    tray_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT trays_pkey PRIMARY KEY,
    priority integer NOT NULL,
    tray_no bigint NOT NULL
);
CREATE INDEX trays_priority_tray_no_idx ON jobs_internal.trays (priority DESC, tray_no);
COMMENT ON TABLE jobs_internal.trays IS
'Stretches of 128 numbers of jobs in which something of a priority may wait. A claim looks through the first ones only, whatever a long transaction keeps of those before.';

GRANT USAGE ON SCHEMA jobs_internal TO tidemark_operator;
GRANT SELECT ON jobs.job_type, jobs.worker, jobs.job TO tidemark_operator;

INSERT INTO jobs.job_type (
    job_type, handler, handler_kind, default_priority, default_ttl_seconds, max_attempts, is_for_operators, is_builtin
) VALUES
('refresh', 'jobs_internal.refresh_view', 'steps', 1, 3600, 3, FALSE, TRUE),
('tick', 'jobs_internal.tick', 'procedure', 2, 3600, 3, TRUE, TRUE);

INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
('purge jobs', 'jobs_internal.tidy', interval '1 minute');
