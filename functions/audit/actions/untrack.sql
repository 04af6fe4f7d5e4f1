-- audit.untrack()
-- Ends the recording of direct changes of a table.
-- requires: nothing
-- source:   docs/audit.md, "Direct changes"

CREATE OR REPLACE FUNCTION audit.untrack(p_table text)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    v_trigger record;
BEGIN
    FOR v_trigger IN
        SELECT trg.tgname, trg.tgrelid::regclass AS relation
        FROM (SELECT to_regclass(p_table) AS relid UNION SELECT par.relid FROM pg_partition_tree(to_regclass(p_table)) AS par) AS tre
        INNER JOIN pg_trigger AS trg ON tre.relid = trg.tgrelid
        INNER JOIN pg_proc AS pro ON trg.tgfoid = pro.oid
        WHERE pro.pronamespace = 'audit_internal'::regnamespace AND starts_with(trg.tgname, 'audit_track_')
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', v_trigger.tgname, v_trigger.relation);
    END LOOP;
    DELETE FROM audit.tracked_tables AS tra WHERE tra.table_name IN (
        SELECT format('%I.%I', nsp.nspname, rel.relname)
        FROM pg_class AS rel
        INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
        WHERE rel.oid = to_regclass(p_table)
        UNION ALL
        SELECT p_table
    );
END;
$$;

COMMENT ON FUNCTION audit.untrack IS
'Entries that are there stay. Idempotent; also for a table that is no more.';

REVOKE ALL ON FUNCTION audit.untrack FROM PUBLIC;
