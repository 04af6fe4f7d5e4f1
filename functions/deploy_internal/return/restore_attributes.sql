-- deploy_internal.restore_attributes()
-- Gives a thing that came back its owner, rights, options, comments, defaults, rules and triggers.
-- requires: deploy_internal.address_of()
-- source:   docs/beside.md, "How they come back"

CREATE OR REPLACE FUNCTION deploy_internal.restore_attributes(p_thing deploy.stepped_aside)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_classid oid;
    v_objid oid;
    v_part record;
BEGIN
    SELECT adr.classid, adr.objid INTO v_classid, v_objid FROM deploy_internal.address_of(p_thing.kind, p_thing.identity) AS adr;
    IF v_objid IS NULL THEN
        RETURN;
    END IF;
    FOR v_part IN
        SELECT att.statement
        FROM ROWS FROM (
            jsonb_to_recordset(p_thing.attributes) AS (aspect text, "column" text, statement text)
        ) WITH ORDINALITY AS att (aspect, "column", statement, position)
        LEFT JOIN pg_attribute AS col
            ON v_classid = 'pg_class'::regclass AND col.attrelid = v_objid AND col.attname = att."column" AND NOT col.attisdropped
        WHERE (att."column" IS NULL OR col.attnum IS NOT NULL)
            -- an emptied object kept the rest
            AND (p_thing.state = 'dropped' OR att.aspect IN ('options', 'rule'))
            -- what the file says about it counts
            AND (p_thing.path IS NULL OR att.aspect <> 'comment' OR NOT EXISTS (
                SELECT FROM pg_description AS des
                WHERE des.classoid = v_classid AND des.objoid = v_objid AND des.objsubid = coalesce(col.attnum, 0)
            ))
        ORDER BY att.position
    LOOP
        EXECUTE v_part.statement;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION deploy_internal.restore_attributes IS
'Rights that it has beyond those written down stay. Nothing for a column that is gone.';

REVOKE ALL ON FUNCTION deploy_internal.restore_attributes FROM PUBLIC;
