-- deploy_internal.make_again()
-- Brings back one thing that has stepped aside, from its file or from what the catalogue said.
-- requires: deploy_internal.run_file(), deploy_internal.declare_again(), deploy_internal.leave()
-- requires: deploy_internal.restore_attributes(), deploy_internal.remember(), deploy_internal.locks_of()
-- requires: deploy_internal.lock_patiently(), deploy_internal.address_of(), deploy_internal.is_empty()
-- source:   docs/beside.md, "How they come back"

CREATE OR REPLACE FUNCTION deploy_internal.make_again(p_thing deploy.stepped_aside)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is_first boolean := TRUE;
    v_statement text;
    v_classid oid;
    v_objid oid;
BEGIN
    IF p_thing.path IS NULL AND p_thing.state = 'emptied' AND NOT deploy_internal.is_empty(p_thing.kind, p_thing.identity) THEN
        -- the migration took care of it itself
        UPDATE deploy.stepped_aside AS asi SET state = 'stays' WHERE asi.kind = p_thing.kind AND asi.identity = p_thing.identity;
        RETURN;
    END IF;
    LOOP
        BEGIN
            IF p_thing.path IS NOT NULL THEN
                PERFORM deploy_internal.run_file(p_thing.path);
            ELSIF NOT deploy_internal.declare_again(p_thing.identity) THEN
                FOREACH v_statement IN ARRAY p_thing.definition LOOP
                    EXECUTE v_statement;
                END LOOP;
            END IF;
            EXIT;
        EXCEPTION
            -- it has another shape now: other columns, another return type
            WHEN invalid_table_definition OR invalid_function_definition OR wrong_object_type OR duplicate_object OR duplicate_table THEN
                SELECT adr.classid, adr.objid INTO v_classid, v_objid FROM deploy_internal.address_of(p_thing.kind, p_thing.identity) AS adr;
                IF NOT v_is_first OR v_objid IS NULL THEN
                    RAISE;
                END IF;
        END;
        v_is_first := FALSE;
        PERFORM deploy_internal.remember(v_classid, ARRAY[v_objid]);
        PERFORM deploy_internal.lock_patiently(deploy_internal.locks_of(v_classid, ARRAY[v_objid]), p_thing.identity);
        PERFORM deploy_internal.leave(v_classid, v_objid, TRUE);
    END LOOP;
    -- what leave() has just written down is younger than the argument
    SELECT asi.* INTO p_thing FROM deploy.stepped_aside AS asi WHERE asi.kind = p_thing.kind AND asi.identity = p_thing.identity;
    PERFORM deploy_internal.restore_attributes(p_thing);
    INSERT INTO deploy.made_again (kind, identity) VALUES (upper(p_thing.kind COLLATE "C"), p_thing.identity) ON CONFLICT DO NOTHING;
    UPDATE deploy.stepped_aside AS asi SET state = 'stays' WHERE asi.kind = p_thing.kind AND asi.identity = p_thing.identity;
EXCEPTION
    WHEN lock_not_available OR query_canceled OR deadlock_detected THEN
        RAISE;
    WHEN OTHERS THEN
        IF p_thing.path IS NOT NULL THEN
            RAISE;
        END IF;
        RAISE EXCEPTION USING
            ERRCODE = SQLSTATE,
            MESSAGE = format('%s %s cannot come back: %s', p_thing.kind, p_thing.identity, SQLERRM),
            DETAIL = format('No file of an applied project makes it. From the catalogue: %s', left(p_thing.definition[1], 500)),
            HINT = 'Drop it or change it before deploy.step_aside(), in the same migration.';
END;
$$;

COMMENT ON FUNCTION deploy_internal.make_again IS
'When PostgreSQL refuses to replace it in its new shape, what stands on it steps aside as well and it is made anew.';

REVOKE ALL ON FUNCTION deploy_internal.make_again FROM PUBLIC;
