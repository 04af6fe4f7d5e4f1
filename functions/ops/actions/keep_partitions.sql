-- ops.keep_partitions()
-- Declares a table whose partitions by month, quarter or year are made ahead and detached when they are old.
-- requires: ops_internal.partitions_of(), ops_internal.today(), ops.make_partitions()
-- source:   docs/partitions.md

CREATE OR REPLACE FUNCTION ops.keep_partitions(
    p_table text, period text DEFAULT 'month', first_day date DEFAULT NULL, ahead integer DEFAULT 3, keep interval DEFAULT NULL
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    v_name text;
    v_kind text;
BEGIN
    SELECT format('%I.%I', nsp.nspname, rel.relname),
        CASE WHEN par.partstrat <> 'r' OR par.partnatts <> 1 OR att.attname IS NULL THEN 'other'
            WHEN att.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN 'range'
            ELSE 'other' END
    INTO v_name, v_kind
    FROM pg_class AS rel
    INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
    LEFT JOIN pg_partitioned_table AS par ON par.partrelid = rel.oid
    LEFT JOIN pg_attribute AS att ON att.attrelid = rel.oid AND att.attnum = par.partattrs[0] AND att.attnum > 0
    WHERE rel.oid = to_regclass(p_table);
    IF v_kind IS DISTINCT FROM 'range' THEN
        RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
            MESSAGE = format('%s is not partitioned by a range of days or instants', p_table),
            DETAIL = 'Its partition key must be one column of type date, timestamp or timestamptz, PARTITION BY RANGE.',
            HINT = 'Name such a table, with its schema.';
    END IF;
    IF keep_partitions.period NOT IN ('month', 'quarter', 'year') OR keep_partitions.ahead NOT BETWEEN 0 AND 120
        OR keep_partitions.keep <= interval '0' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('the partitions of %s cannot be kept like that', v_name),
            DETAIL = format('Period %s, %s ahead, kept for %s.', keep_partitions.period, keep_partitions.ahead, keep_partitions.keep),
            HINT = 'The period is month, quarter or year, 0 to 120 of them ahead, and what is kept is kept for a positive time.';
    END IF;
    INSERT INTO ops.partitioned_tables AS par (table_name, period, first_day, ahead, keep)
    VALUES (v_name, keep_partitions.period, coalesce(keep_partitions.first_day, ops_internal.today()), keep_partitions.ahead, keep_partitions.keep)
    ON CONFLICT (table_name) DO UPDATE SET
        period = excluded.period,
        first_day = coalesce(keep_partitions.first_day, par.first_day),
        ahead = excluded.ahead, keep = excluded.keep, settled_on = NULL
    WHERE (par.period, par.first_day, par.ahead, par.keep)
        IS DISTINCT FROM (excluded.period, coalesce(keep_partitions.first_day, par.first_day), excluded.ahead, excluded.keep);
    -- nobody waits for an empty table; where rows are, ticks make one partition at a time
    IF NOT EXISTS (
        SELECT FROM ops_internal.partitions_of(to_regclass(v_name)) AS part WHERE pg_relation_size(part.partition_id) > 0
    ) THEN
        PERFORM FROM ops.make_partitions(v_name);
    END IF;
END;
$$;

COMMENT ON FUNCTION ops.keep_partitions IS
'Idempotent. first_day: the earliest day to have a partition, NULL: the day of the first call; ahead: periods beyond the current one; keep: partitions that ended longer ago are detached, NULL: none. Makes them at once where the table is empty, else ticks do.';

REVOKE ALL ON FUNCTION ops.keep_partitions FROM PUBLIC;
