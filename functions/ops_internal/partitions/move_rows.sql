-- ops_internal.move_rows()
-- Moves rows of one range from the default partition into the table that is about to be attached.
-- requires: nothing
-- source:   docs/partitions.md, "Rows in the default partition"

-- No trigger of the table fires: for everybody who reads the partitioned table the rows stay what and where they are.
-- The caller holds the default partition in ACCESS EXCLUSIVE mode, so nobody else's change can miss its triggers.
CREATE OR REPLACE FUNCTION ops_internal.move_rows(p_default regclass, p_target text, p_condition text)
RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_columns text := (
        SELECT string_agg(quote_ident(att.attname), ', ' ORDER BY att.attnum) FROM pg_attribute AS att
        WHERE att.attrelid = p_default AND att.attnum > 0 AND NOT att.attisdropped AND att.attgenerated = ''
    );
    v_trigger record;
    v_enable text[] := '{}'::text[];
    v_statement text;
    v_count bigint;
    v_deleted bigint;
BEGIN
    FOR v_trigger IN
        SELECT trg.tgname, trg.tgenabled FROM pg_trigger AS trg
        WHERE trg.tgrelid = p_default AND NOT trg.tgisinternal AND trg.tgenabled <> 'D' ORDER BY trg.tgname
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', p_default, v_trigger.tgname);
        v_enable := v_enable || format('ALTER TABLE %s ENABLE %s TRIGGER %I', p_default,
            CASE v_trigger.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, v_trigger.tgname);
    END LOOP;
    EXECUTE format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM ONLY %3$s WHERE %4$s', p_target, v_columns, p_default, p_condition);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    EXECUTE format('DELETE FROM ONLY %s WHERE %s', p_default, p_condition);
    GET DIAGNOSTICS v_deleted = ROW_COUNT;
    IF v_count <> v_deleted THEN
        RAISE EXCEPTION USING ERRCODE = 'triggered_data_change_violation',
            MESSAGE = format('%s rows of the default partition were copied and %s deleted', v_count, v_deleted),
            DETAIL = format('The default partition is %s.', p_default),
            HINT = 'Look for rules on the default partition; nothing was changed.';
    END IF;
    FOREACH v_statement IN ARRAY v_enable LOOP
        EXECUTE v_statement;
    END LOOP;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION ops_internal.move_rows IS
'Number of rows moved. Nothing is left behind when it fails.';

REVOKE ALL ON FUNCTION ops_internal.move_rows FROM PUBLIC;
