-- ops.make_partitions()
-- Makes and detaches all partitions that are due now, for an administrator at a quiet moment.
-- requires: ops_internal.next_step()
-- source:   docs/partitions.md

CREATE OR REPLACE FUNCTION ops.make_partitions(p_table text, p_max_bytes bigint DEFAULT 8388608)
RETURNS TABLE (done text, told text) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_name text;
    v_step record;
BEGIN
    SELECT par.table_name INTO v_name FROM ops.partitioned_tables AS par
    WHERE to_regclass(par.table_name) = to_regclass(p_table)
    FOR UPDATE;
    IF v_name IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object',
            MESSAGE = format('the partitions of %s are not kept', p_table),
            DETAIL = 'ops.partitioned_tables does not name it.',
            HINT = 'Declare the table with ops.keep_partitions().';
    END IF;
    LOOP
        SELECT nex.done, nex.told, nex.is_busy INTO v_step FROM ops_internal.next_step(v_name, p_max_bytes) AS nex;
        EXIT WHEN v_step.done IS NULL;
        done := v_step.done;
        told := NULL;
        RETURN NEXT;
    END LOOP;
    UPDATE ops.partitioned_tables AS par SET
        told = v_step.told, told_at = CASE WHEN v_step.told IS NOT NULL THEN clock_timestamp() END, settled_on = NULL
    WHERE par.table_name = v_name;
    IF v_step.told IS NOT NULL THEN
        done := NULL;
        told := v_step.told;
        RETURN NEXT;
    END IF;
END;
$$;

COMMENT ON FUNCTION ops.make_partitions IS
'One row per partition made or detached, and one with what was passed over. p_max_bytes: how large a default partition may be that is read, and moved from, while others wait.';

REVOKE ALL ON FUNCTION ops.make_partitions FROM PUBLIC;
