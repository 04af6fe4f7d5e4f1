-- planning.lock_workers()
-- Lets nobody else change what some workers have done or are planned for until the transaction ends.
-- requires: nothing
-- source:   docs/planning_writes.md, "At the same time"

CREATE OR REPLACE FUNCTION planning.lock_workers(p_worker_ids uuid[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- with an older snapshot the sums asked for after the lock would not have what others committed before it
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'active_sql_transaction',
            MESSAGE = 'percentages of worker-days are changed under READ COMMITTED only',
            DETAIL = format('This transaction is %s.', upper(current_setting('transaction_isolation') COLLATE "C")),
            HINT = 'Begin the transaction with ISOLATION LEVEL READ COMMITTED.';
    END IF;
    PERFORM FROM planning.workers AS wrk WHERE wrk.id = ANY (p_worker_ids) ORDER BY wrk.id FOR NO KEY UPDATE;
END;
$$;

COMMENT ON FUNCTION planning.lock_workers IS
'Every function that adds to worker-days takes these locks first and asks for the sums afterwards; in the order of the keys, so that two never wait for each other. Raises 25001 under another isolation level.';

REVOKE ALL ON FUNCTION planning.lock_workers FROM PUBLIC;
