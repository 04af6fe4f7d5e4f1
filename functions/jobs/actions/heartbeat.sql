-- jobs.heartbeat()
-- Says that a worker is alive, and looks after those that are not.
-- requires: jobs_internal.sweep()
-- source:   docs/jobs.md, "Lost workers"

CREATE OR REPLACE FUNCTION jobs.heartbeat(p_worker_id bigint, p_claims bigint[] DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is_known boolean;
BEGIN
    UPDATE jobs.worker AS wrk SET seen_at = clock_timestamp() WHERE wrk.worker_id = p_worker_id;
    v_is_known := FOUND;
    PERFORM jobs_internal.sweep(clock_timestamp(), p_worker_id, p_claims);
    RETURN v_is_known;
END;
$$;

COMMENT ON FUNCTION jobs.heartbeat IS
'FALSE: the worker was lost for so long that it is forgotten; it has to join anew. To be called several times within the lease. p_claims: what the worker has in hand; of what it claimed longer than a lease ago and does not name, it never got the answer.';

REVOKE ALL ON FUNCTION jobs.heartbeat FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.heartbeat TO tidemark_operator;
