-- ops_internal.next_step()
-- Does one thing that the partitions of a table lack, if there is one.
-- requires: ops_internal.missing_periods(), ops_internal.partitions_of(), ops_internal.attach_partition(), ops_internal.detach_partition(), ops_internal.today()
-- source:   docs/partitions.md

CREATE OR REPLACE FUNCTION ops_internal.next_step(
    p_table text, p_max_bytes bigint, OUT done text, OUT told text, OUT is_busy boolean
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_today date := ops_internal.today();
    v_timeout text := current_setting('lock_timeout');
    v_step record;
    v_moved bigint;
    v_hint text;
BEGIN
    is_busy := FALSE;
    -- we give in before anybody's deadlock detector looks: it might choose the writer
    PERFORM set_config('lock_timeout', greatest(1, least(100, (
        SELECT pgs.setting::integer / 2 FROM pg_settings AS pgs WHERE pgs.name = 'deadlock_timeout'
    )))::text || 'ms', TRUE);
    FOR v_step IN
        SELECT step.* FROM (
            SELECT mis.partition_name, mis.range_start, mis.range_end, FALSE AS is_old
            FROM ops_internal.missing_periods(p_table, v_today) AS mis
            UNION ALL
            SELECT part.partition_name, part.range_start, part.range_end, TRUE
            FROM ops.partitioned_tables AS par
            CROSS JOIN LATERAL ops_internal.partitions_of(to_regclass(par.table_name)) AS part
            WHERE par.table_name = p_table AND part.range_end <= v_today - par.keep
        ) AS step
        -- what is needed soon comes first: today and later, then what lies back
        ORDER BY step.is_old, step.range_end <= v_today, step.range_start
    LOOP
        BEGIN
            IF v_step.is_old THEN
                PERFORM ops_internal.detach_partition(p_table, v_step.partition_name);
                done := format('detached %s', v_step.partition_name);
            ELSE
                v_moved := ops_internal.attach_partition(
                    to_regclass(p_table), v_step.partition_name, v_step.range_start, v_step.range_end, p_max_bytes);
                done := format('made %s', v_step.partition_name)
                    || CASE WHEN v_moved > 0 THEN format(', %s rows came from the default partition', v_moved) ELSE '' END;
            END IF;
            EXIT;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                is_busy := TRUE;
                told := coalesce(told || '; ', '') || format('%s: somebody was in the way, the next tick tries again', v_step.partition_name);
                EXIT;
            WHEN OTHERS THEN  -- one that cannot be made must not keep the others from being made
                GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT;
                told := left(coalesce(told || '; ', '') || format('%s: %s%s', v_step.partition_name, SQLERRM,
                    CASE WHEN v_hint <> '' THEN format(' (%s)', v_hint) ELSE '' END), 2000);
        END;
    END LOOP;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
END;
$$;

COMMENT ON FUNCTION ops_internal.next_step IS
'done: what was done, NULL when nothing was left or nothing could be; told: what was passed over, and why; is_busy: trying again soon may help.';

REVOKE ALL ON FUNCTION ops_internal.next_step FROM PUBLIC;
