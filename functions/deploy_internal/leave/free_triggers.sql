-- deploy_internal.free_triggers()
-- Takes the triggers off locked tables that name their columns or would call what is empty now.
-- requires: nothing
-- source:   docs/beside.md, "What steps aside"

CREATE OR REPLACE FUNCTION deploy_internal.free_triggers(p_roots oid[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_trigger record;
BEGIN
    FOR v_trigger IN
        SELECT
            trg.oid,
            trg.tgname,
            trg.tgrelid::regclass AS relation,
            trg.tgenabled,
            fun.pronamespace = 'refresh_data'::regnamespace AS is_capture,
            fil.path,
            obj.identity,
            own.identity AS table_identity
        FROM pg_trigger AS trg
        INNER JOIN pg_proc AS fun ON trg.tgfoid = fun.oid
        CROSS JOIN LATERAL pg_identify_object('pg_trigger'::regclass, trg.oid, 0) AS obj
        CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, trg.tgrelid, 0) AS own
        LEFT JOIN deploy.file_object AS fil ON obj.identity = fil.identity AND fil.kind = 'trigger'
        WHERE trg.tgrelid = ANY (p_roots) AND NOT trg.tgisinternal AND trg.tgparentid = 0
            AND (
                fun.pronamespace = 'refresh_data'::regnamespace
                -- UPDATE OF column, WHEN (new.column …)
                OR EXISTS (
                    SELECT FROM pg_depend AS dep
                    WHERE dep.classid = 'pg_trigger'::regclass AND dep.objid = trg.oid
                        AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid = trg.tgrelid AND dep.refobjsubid > 0
                )
            )
    LOOP
        IF NOT v_trigger.is_capture THEN
            INSERT INTO deploy.stepped_aside (kind, identity, state, path, needs, depth, definition)
            SELECT 'trigger', v_trigger.identity, 'dropped', v_trigger.path, ARRAY['table ' || v_trigger.table_identity], 1,
                array_remove(ARRAY[
                    regexp_replace(pg_get_triggerdef(v_trigger.oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
                    CASE v_trigger.tgenabled
                        WHEN 'D' THEN format('ALTER TABLE %s DISABLE TRIGGER %I', v_trigger.relation, v_trigger.tgname)
                        WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', v_trigger.relation, v_trigger.tgname)
                        WHEN 'R' THEN format('ALTER TABLE %s ENABLE REPLICA TRIGGER %I', v_trigger.relation, v_trigger.tgname)
                    END,
                    format('COMMENT ON TRIGGER %I ON %s IS %L', v_trigger.tgname, v_trigger.relation, obj_description(v_trigger.oid, 'pg_trigger'))
                ], NULL)
            ON CONFLICT DO NOTHING;
        END IF;
        EXECUTE format('DROP TRIGGER %I ON %s', v_trigger.tgname, v_trigger.relation);
    END LOOP;
END;
$$;

COMMENT ON FUNCTION deploy_internal.free_triggers IS
'Capture goes for the time being, because the next run recomputes everything; triggers with columns of their own come back as they were. All others stay and fire.';

REVOKE ALL ON FUNCTION deploy_internal.free_triggers FROM PUBLIC;
