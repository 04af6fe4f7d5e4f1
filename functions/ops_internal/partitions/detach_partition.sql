-- ops_internal.detach_partition()
-- Detaches one partition; its rows stay, in a table of their own.
-- requires: ops_internal.partitions_of(), ops_internal.follow_capture()
-- source:   docs/partitions.md, "Old partitions"

-- CONCURRENTLY cannot run in a function, nor while there is a default partition; so everybody waits, for a moment.
CREATE OR REPLACE FUNCTION ops_internal.detach_partition(p_table text, p_name text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO ops.detached_partitions (partition_name, table_name, range_start, range_end)
    SELECT part.partition_name, p_table, part.range_start, part.range_end
    FROM ops_internal.partitions_of(to_regclass(p_table)) AS part
    WHERE part.partition_name = p_name
    ON CONFLICT (partition_name) DO UPDATE SET
        table_name = excluded.table_name, range_start = excluded.range_start, range_end = excluded.range_end, detached_at = clock_timestamp();
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', to_regclass(p_table), p_name);
    PERFORM ops_internal.follow_capture(ARRAY[p_table]);
END;
$$;

COMMENT ON FUNCTION ops_internal.detach_partition IS
'Notes it in ops.detached_partitions. Stored views that follow the table are marked: the rows are no longer in it.';

REVOKE ALL ON FUNCTION ops_internal.detach_partition FROM PUBLIC;
