-- deploy_internal.limit_wait()
-- Keeps the wait for the next lock shorter than PostgreSQL's own search for deadlocks.
-- requires: nothing
-- source:   docs/beside.md, "On a busy database"

-- While it waits, this session holds locks that readers wait for. A reader that waits as long as deadlock_timeout looks
-- for a deadlock, and would be the one to fail. So no attempt lasts that long: it gives everything back and starts again.
CREATE OR REPLACE FUNCTION deploy_internal.limit_wait()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_until timestamptz := nullif(current_setting('tidemark.attempt_until', TRUE), '')::timestamptz;
BEGIN
    IF v_until IS NOT NULL THEN
        PERFORM set_config('lock_timeout', format('%sms',
            greatest(10, ceil(1000 * extract(EPOCH FROM v_until - clock_timestamp())))), TRUE);
    END IF;
END;
$$;

COMMENT ON FUNCTION deploy_internal.limit_wait IS
'Sets lock_timeout to what is left of the attempt (setting tidemark.attempt_until), at least 10 ms.';

REVOKE ALL ON FUNCTION deploy_internal.limit_wait FROM PUBLIC;
