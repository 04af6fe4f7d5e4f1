-- ops_internal.attach_partition()
-- Makes one partition and attaches it, in locks that last for milliseconds.
-- requires: ops_internal.partitions_of(), ops_internal.move_rows(), ops_internal.copy_triggers(), ops_internal.follow_capture()
-- source:   docs/partitions.md, "What is locked"

-- CREATE TABLE ... PARTITION OF would shut everybody out of the whole table. ATTACH lets readers and writers go on, but a
-- writer that was under way to the default partition would get an error; so where there is one, writers wait for a moment.
CREATE OR REPLACE FUNCTION ops_internal.attach_partition(
    p_table regclass, p_name text, p_start timestamp, p_end timestamp, p_max_bytes bigint
)
RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' SET row_security = off
AS $$
DECLARE
    v_parent record;
    v_default regclass := (SELECT part.partition_id FROM ops_internal.partitions_of(p_table) AS part WHERE part.is_default);
    v_condition text;
    v_start text;
    v_end text;
    v_moved bigint := 0;
    v_has_rows boolean;
    v_table text := (SELECT format('%I.%I', nsp.nspname, rel.relname) FROM pg_class AS rel
        INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid WHERE rel.oid = p_table);
BEGIN
    SELECT att.attname, att.atttypid, rel.relowner::regrole AS owner,
        CASE WHEN rel.reltablespace <> 0 THEN
            format(' TABLESPACE %I', (SELECT spc.spcname FROM pg_tablespace AS spc WHERE spc.oid = rel.reltablespace)) ELSE '' END AS place
    INTO v_parent
    FROM pg_partitioned_table AS par
    INNER JOIN pg_class AS rel ON par.partrelid = rel.oid
    INNER JOIN pg_attribute AS att ON att.attrelid = rel.oid AND att.attnum = par.partattrs[0]
    WHERE par.partrelid = p_table;
    SELECT format('%L', CASE v_parent.atttypid WHEN 'date'::regtype THEN p_start::date::text
            WHEN 'timestamptz'::regtype THEN p_start::text || '+00' ELSE p_start::text END),
        format('%L', CASE v_parent.atttypid WHEN 'date'::regtype THEN p_end::date::text
            WHEN 'timestamptz'::regtype THEN p_end::text || '+00' ELSE p_end::text END)
    INTO v_start, v_end;
    v_condition := format('%1$I IS NOT NULL AND %1$I >= %2$s AND %1$I < %3$s', v_parent.attname, v_start, v_end);

    IF v_default IS NOT NULL THEN
        EXECUTE format('LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE', p_table);
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', v_default);
        IF pg_relation_size(v_default) > p_max_bytes THEN
            RAISE EXCEPTION USING ERRCODE = 'program_limit_exceeded',
                MESSAGE = format('the default partition is too large to be read while others wait: %s', pg_size_pretty(pg_relation_size(v_default))),
                DETAIL = format('%s is looked through for rows of %s when that is attached.', v_default, p_name),
                HINT = format('At a quiet moment: SELECT * FROM ops.make_partitions(%L, p_max_bytes => %s);', v_table,
                    pg_relation_size(v_default) * 2);
        END IF;
        EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s WHERE %s)', v_default, v_condition) INTO v_has_rows;
        IF v_has_rows AND EXISTS (
            SELECT FROM pg_constraint AS con WHERE con.contype = 'f' AND con.confrelid IN (p_table, v_default)
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
                MESSAGE = 'the default partition has rows of this period, and other tables refer to them',
                DETAIL = format('Foreign keys to %s would act when the rows are moved.', p_table),
                HINT = format('Take the foreign keys off, call ops.make_partitions(%L), and put them back.', v_table);
        END IF;
    END IF;
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)%s', p_name, p_table, v_parent.place);
    EXECUTE format('ALTER TABLE %s OWNER TO %s', p_name, v_parent.owner);
    -- proves to ATTACH that the new partition need not be read
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT tidemark_range CHECK (%s)', p_name, v_condition);
    IF v_has_rows THEN
        v_moved := ops_internal.move_rows(v_default, p_name, v_condition);
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)', p_table, p_name, v_start, v_end);
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT tidemark_range', p_name);
    EXECUTE format('COMMENT ON TABLE %s IS %L', p_name, format('Rows of %s from %s to before %s.', v_table,
        trim(BOTH '''' FROM v_start), trim(BOTH '''' FROM v_end)));
    PERFORM ops_internal.copy_triggers(v_default, p_name);
    PERFORM ops_internal.follow_capture(ARRAY[v_table, (
        SELECT part.partition_name FROM ops_internal.partitions_of(p_table) AS part WHERE part.is_default
    )]);
    RETURN v_moved;
END;
$$;

COMMENT ON FUNCTION ops_internal.attach_partition IS
'Number of rows that were in the default partition. Raises 54000 when that is larger than p_max_bytes, 55P03 when somebody is in the way.';

REVOKE ALL ON FUNCTION ops_internal.attach_partition FROM PUBLIC;
