-- refresh_internal.lock_keys()
-- Makes writers of one key wait for each other until the end of their transactions.
-- requires: nothing
-- source:   docs/refresh.md, "Inside the writer's transaction"

CREATE OR REPLACE FUNCTION refresh_internal.lock_keys(p_view_id integer, p_buckets integer[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- always in the same order, so that two statements cannot lock each other out
    PERFORM FROM refresh.key_locks AS kl
    WHERE kl.view_id = p_view_id AND kl.bucket = ANY (p_buckets)
    ORDER BY kl.bucket
    FOR UPDATE;
    -- the new row version is what a writer with an older snapshot trips over (40001) instead of computing from it
    UPDATE refresh.key_locks AS kl SET writes = kl.writes + 1
    WHERE kl.view_id = p_view_id AND kl.bucket = ANY (p_buckets);
END;
$$;

COMMENT ON FUNCTION refresh_internal.lock_keys IS
'Locks buckets of keys of a view with target_lag 0. Under REPEATABLE READ and SERIALIZABLE it raises 40001 when another writer was faster.';

REVOKE ALL ON FUNCTION refresh_internal.lock_keys FROM PUBLIC;
