-- deploy_internal.empty()
-- Takes everything out of a view or routine and leaves its name, columns, rights and number.
-- requires: deploy_internal.refuse_reading()
-- source:   docs/beside.md, "What steps aside"

-- What stands on it stays, and a session that is about to call the function finds it: DROP could promise neither.
CREATE OR REPLACE FUNCTION deploy_internal.empty(p_classid oid, p_objid oid)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_identity text := (pg_identify_object(p_classid, p_objid, 0)).identity;
    v_rule name;
    v_statement text;
BEGIN
    IF p_classid = 'pg_proc'::regclass THEN
        SELECT format('CREATE OR REPLACE %s %I.%I(%s) %s LANGUAGE plpgsql AS %L',
            CASE pro.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, nsp.nspname, pro.proname,
            pg_get_function_arguments(pro.oid),
            CASE WHEN pro.prokind <> 'p' THEN 'RETURNS ' || pg_get_function_result(pro.oid) END,
            format('BEGIN PERFORM deploy_internal.refuse_reading(%L); END', v_identity))
        INTO STRICT v_statement
        FROM pg_proc AS pro
        INNER JOIN pg_namespace AS nsp ON pro.pronamespace = nsp.oid
        WHERE pro.oid = p_objid;
    ELSE
        FOR v_rule IN SELECT rul.rulename FROM pg_rewrite AS rul WHERE rul.ev_class = p_objid AND rul.rulename <> '_RETURN' LOOP
            EXECUTE format('DROP RULE %I ON %s', v_rule, v_identity);
        END LOOP;
        SELECT format('CREATE OR REPLACE VIEW %s AS SELECT %s WHERE deploy_internal.refuse_reading(%L)', v_identity,
            string_agg(format('NULL::%s%s AS %I', format_type(att.atttypid, att.atttypmod),
                CASE WHEN att.attcollation <> typ.typcollation THEN format(' COLLATE %I.%I', nsp.nspname, col.collname) END,
                att.attname), ', ' ORDER BY att.attnum), v_identity)
        INTO STRICT v_statement
        FROM pg_attribute AS att
        INNER JOIN pg_type AS typ ON att.atttypid = typ.oid
        LEFT JOIN pg_collation AS col ON att.attcollation = col.oid
        LEFT JOIN pg_namespace AS nsp ON col.collnamespace = nsp.oid
        WHERE att.attrelid = p_objid AND att.attnum > 0 AND NOT att.attisdropped;
    END IF;
    EXECUTE v_statement;
END;
$$;

COMMENT ON FUNCTION deploy_internal.empty IS
'Replaces the body by one that raises 55000; rules of a view go. Owner, rights, comments, triggers and defaults stay.';

REVOKE ALL ON FUNCTION deploy_internal.empty FROM PUBLIC;
