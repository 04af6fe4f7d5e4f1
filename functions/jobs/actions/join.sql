-- jobs.join()
-- Makes a process known as a worker.
-- requires: nothing
-- source:   docs/jobs.md, "Lost workers"

CREATE OR REPLACE FUNCTION jobs.join(p_worker_name text, p_concurrency integer DEFAULT 1, p_lease interval DEFAULT interval '30 seconds')
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO jobs.worker (worker_name, concurrency, lease) VALUES (p_worker_name, p_concurrency, p_lease)
    RETURNING worker_id;
END;

COMMENT ON FUNCTION jobs.join IS
'Number of the worker, for jobs.claim() and jobs.heartbeat(). p_lease: it is lost when it was not heard of for so long.';

REVOKE ALL ON FUNCTION jobs.join FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.join TO tidemark_operator;
