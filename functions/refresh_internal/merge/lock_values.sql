-- refresh_internal.lock_values()
-- Makes writers of one key wait for each other until the end of their transactions, and writers of different keys never.
-- requires: nothing
-- source:   docs/refresh.md, "Inside the writer's transaction"

-- A row per key that was ever written, found by the hash of its value: with a few buckets instead, two transactions that write
-- four different keys could lock each other out. The row is not removed, because a writer with an older snapshot must find it.
CREATE OR REPLACE FUNCTION refresh_internal.lock_values(p_view_id integer, p_hashes bigint[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- who recomputes everything holds this row alone
    PERFORM FROM refresh.key_locks AS kl WHERE kl.view_id = p_view_id AND kl.bucket = 0 FOR SHARE;
    -- always in the same order; the new row version is what a writer with an older snapshot trips over (40001)
    INSERT INTO refresh.key_locks AS kl (view_id, bucket, writes)
    SELECT p_view_id, value.hash, 1 FROM unnest(p_hashes) AS value (hash) ORDER BY value.hash
    ON CONFLICT (view_id, bucket) DO UPDATE SET writes = kl.writes + 1;
END;
$$;

COMMENT ON FUNCTION refresh_internal.lock_values IS
'Locks keys of a view with target_lag 0 by the hash of their values. Under REPEATABLE READ and SERIALIZABLE it raises 40001 when another writer was faster.';

REVOKE ALL ON FUNCTION refresh_internal.lock_values FROM PUBLIC;
