-- refresh_internal.drop_retired()
-- Drops storage that no view reads any more.
-- requires: nothing
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.drop_retired()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_timeout text := current_setting('lock_timeout');
    v_relation text;
    v_kind "char";
    v_reader text;
    v_dropped integer := 0;
BEGIN
    PERFORM set_config('lock_timeout', '200ms', TRUE);
    FOR v_relation IN SELECT ret.relation_name FROM refresh.retired_storage AS ret LOOP
        BEGIN
            SELECT rel.relkind INTO v_kind FROM pg_class AS rel WHERE rel.oid = to_regclass(v_relation);
            -- younger than what this transaction may see: the next tick drops it
            CONTINUE WHEN v_kind IS NULL AND to_regclass(v_relation) IS NOT NULL;
            IF v_kind IS NOT NULL THEN
                EXECUTE format('DROP %s %s', CASE v_kind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, v_relation);
            END IF;
            -- the reading function of a materialized view bears the same two numbers
            v_reader := 'refresh_data.read_' || (regexp_match(v_relation, '_(\d+_\d+)"?$'))[1];
            IF to_regproc(v_reader) IS NOT NULL THEN
                EXECUTE format('DROP FUNCTION %s', v_reader);
            END IF;
            DELETE FROM refresh.retired_storage AS ret WHERE ret.relation_name = v_relation;
            v_dropped := v_dropped + 1;
        EXCEPTION
            WHEN lock_not_available OR dependent_objects_still_exist THEN
                NULL;  -- somebody still reads it; the next tick tries again
        END;
    END LOOP;
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
    RETURN v_dropped;
END;
$$;

COMMENT ON FUNCTION refresh_internal.drop_retired IS
'Number of relations dropped. Waits at most 200 ms for readers of each.';

REVOKE ALL ON FUNCTION refresh_internal.drop_retired FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.drop_retired TO tidemark_operator;
