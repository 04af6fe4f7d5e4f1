-- refresh_internal.end_capture()
-- Removes triggers, function and queue of a source that no stored view follows any more.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

CREATE OR REPLACE FUNCTION refresh_internal.end_capture(p_source_id integer)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_function text := format('refresh_data.capture_%s', p_source_id);
    v_timeout text := current_setting('lock_timeout');
    v_statement text;
BEGIN
    PERFORM set_config('lock_timeout', '200ms', TRUE);
    BEGIN
        -- who declares a view over the source meanwhile has it locked, and is seen once that ends
        PERFORM FROM refresh.captured_sources AS src WHERE src.source_id = p_source_id FOR UPDATE;
        IF EXISTS (
            SELECT FROM refresh.captured_sources AS src
            INNER JOIN refresh.view_sources AS vs USING (source_name)
            WHERE src.source_id = p_source_id AND vs.mapping_kind IN ('keys', 'all')
        ) THEN
            PERFORM set_config('lock_timeout', v_timeout, TRUE);
            RETURN FALSE;
        END IF;
        -- once the triggers are gone no writer is on its way to the queue
        FOR v_statement IN
            SELECT format('DROP TRIGGER %I ON %I.%I', trg.tgname, nsp.nspname, rel.relname)
            FROM pg_trigger AS trg
            INNER JOIN pg_class AS rel ON trg.tgrelid = rel.oid
            INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
            WHERE trg.tgfoid = to_regproc(v_function) AND trg.tgparentid = 0
        LOOP
            EXECUTE v_statement;
        END LOOP;
        IF to_regproc(v_function) IS NOT NULL THEN
            EXECUTE format('DROP FUNCTION %s()', v_function);
        END IF;
        EXECUTE format('DROP TABLE IF EXISTS refresh_data.changes_%1$s_a, refresh_data.changes_%1$s_b', p_source_id);
    EXCEPTION
        WHEN lock_not_available OR deadlock_detected THEN
            PERFORM set_config('lock_timeout', v_timeout, TRUE);
            RETURN FALSE;  -- somebody is busy with the table; the next tick tries again
    END;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
    UPDATE refresh.captured_sources AS src SET captured_relations = '{}', capture_state = '{}' WHERE src.source_id = p_source_id;
    DELETE FROM refresh.captured_sources AS src
    WHERE src.source_id = p_source_id
        AND NOT EXISTS (SELECT FROM refresh.view_sources AS vs WHERE vs.source_name = src.source_name);
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION refresh_internal.end_capture IS
'False while a view needs it, or when readers and writers of the source were in the way for 200 ms; until then its triggers do nothing.';

REVOKE ALL ON FUNCTION refresh_internal.end_capture FROM PUBLIC;
