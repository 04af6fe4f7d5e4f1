-- ops_internal.keep_partitions()
-- The chore of a tick: makes or detaches one partition, of one of the declared tables.
-- requires: ops_internal.next_step(), ops_internal.today(), refresh.as_of_date()
-- source:   docs/partitions.md

-- One at a time: the locks last until the tick commits, and the chore is the last thing it does.
CREATE OR REPLACE FUNCTION ops_internal.keep_partitions()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off
AS $$
DECLARE
    v_today date;
    v_table record;
    v_step record;
    v_done integer := 0;
BEGIN
    -- nothing to do, as nearly always: neither the clock nor the partitions are looked at. Another day that the session has chosen
    -- puts the work off, and never decides about it
    IF NOT EXISTS (SELECT FROM ops.partitioned_tables AS par WHERE par.settled_on IS DISTINCT FROM refresh.as_of_date())
        AND NOT EXISTS (SELECT FROM ops.detached_partitions) THEN
        RETURN 0;
    END IF;
    v_today := ops_internal.today();
    FOR v_table IN
        SELECT par.table_name, par.told FROM ops.partitioned_tables AS par
        WHERE par.settled_on IS DISTINCT FROM v_today
        ORDER BY par.told_at NULLS FIRST, par.table_name
        FOR UPDATE SKIP LOCKED
    LOOP
        IF to_regclass(v_table.table_name) IS NULL THEN
            SELECT NULL AS done, 'there is no such table' AS told, FALSE AS is_busy INTO v_step;
        ELSE
            SELECT nex.done, nex.told, nex.is_busy INTO v_step FROM ops_internal.next_step(v_table.table_name, 8388608) AS nex;
        END IF;
        UPDATE ops.partitioned_tables AS par SET
            told = v_step.told,
            told_at = CASE WHEN v_step.told IS NOT NULL THEN clock_timestamp() END,
            settled_on = CASE WHEN v_step.done IS NULL AND NOT v_step.is_busy THEN v_today END
        WHERE par.table_name = v_table.table_name
            AND (v_step.told IS DISTINCT FROM v_table.told OR v_step.done IS NULL AND NOT v_step.is_busy);
        IF v_step.done IS NOT NULL THEN
            v_done := 1;
            EXIT;
        END IF;
    END LOOP;
    DELETE FROM ops.detached_partitions AS det
    WHERE NOT EXISTS (
        SELECT FROM pg_class AS rel WHERE rel.oid = to_regclass(det.partition_name) AND NOT rel.relispartition
    );
    RETURN v_done;
END;
$$;

COMMENT ON FUNCTION ops_internal.keep_partitions IS
'1 when something was done, else 0. A table with nothing left to do is looked at again on the next business day.';

REVOKE ALL ON FUNCTION ops_internal.keep_partitions FROM PUBLIC;
