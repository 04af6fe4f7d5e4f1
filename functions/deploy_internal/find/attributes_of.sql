-- deploy_internal.attributes_of()
-- Writes the statements that give a view or routine what its definition does not hold: owner, rights, comments and the like.
-- requires: nothing
-- source:   docs/beside.md, "How they come back"

-- aspect: what the statement sets, for those that decide whether it is still wanted. column: the one it is about.
CREATE OR REPLACE FUNCTION deploy_internal.attributes_of(p_classid oid, p_objid oid)
RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH thing AS (
        SELECT
            CASE rel.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END AS word,
            'TABLE' AS grant_word,
            format('%I.%I', nsp.nspname, rel.relname) AS name,
            rel.relowner AS owner_id,
            rel.relacl AS acl,
            rel.reloptions AS options
        FROM pg_class AS rel
        INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
        WHERE p_classid = 'pg_class'::regclass AND rel.oid = p_objid AND rel.relkind IN ('v', 'm')
        UNION ALL
        SELECT 'ROUTINE', 'ROUTINE', obj.identity, pro.proowner, pro.proacl, NULL
        FROM pg_proc AS pro
        CROSS JOIN LATERAL pg_identify_object(p_classid, pro.oid, 0) AS obj
        WHERE p_classid = 'pg_proc'::regclass AND pro.oid = p_objid
    ),

    part (step, aspect, column_name, statement) AS (
        SELECT 1, 'owner', NULL::text, format('ALTER %s %s OWNER TO %I', thing.word, thing.name, pg_get_userbyid(thing.owner_id)) FROM thing
        UNION ALL
        SELECT 2, 'rights', NULL, format('REVOKE ALL ON %s %s FROM PUBLIC', thing.grant_word, thing.name)
        FROM thing
        WHERE thing.acl IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(thing.acl) AS acl WHERE acl.grantee = 0)
        UNION ALL
        SELECT 3, 'rights', NULL, format('GRANT %s ON %s %s TO %s%s', acl.privilege_type, thing.grant_word, thing.name,
            CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END,
            CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM thing
        CROSS JOIN LATERAL aclexplode(thing.acl) AS acl
        WHERE acl.grantee <> thing.owner_id
        UNION ALL
        SELECT 3, 'rights', att.attname, format('GRANT %s (%I) ON TABLE %s TO %s%s', acl.privilege_type, att.attname, thing.name,
            CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END,
            CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM thing
        INNER JOIN pg_attribute AS att ON thing.grant_word = 'TABLE' AND att.attrelid = p_objid AND att.attnum > 0
        CROSS JOIN LATERAL aclexplode(att.attacl) AS acl
        UNION ALL
        SELECT 4, 'options', NULL, format('ALTER VIEW %s SET (%s)', thing.name, array_to_string(thing.options, ', '))
        FROM thing
        WHERE thing.word = 'VIEW' AND thing.options IS NOT NULL
        UNION ALL
        SELECT 5, 'comment', att.attname, CASE
            WHEN des.objsubid > 0 THEN format('COMMENT ON COLUMN %s.%I IS %L', thing.name, att.attname, des.description)
            ELSE format('COMMENT ON %s %s IS %L', thing.word, thing.name, des.description) END
        FROM thing
        INNER JOIN pg_description AS des ON des.classoid = p_classid AND des.objoid = p_objid
        LEFT JOIN pg_attribute AS att ON att.attrelid = p_objid AND att.attnum = des.objsubid AND des.objsubid > 0
        UNION ALL
        SELECT 6, 'default', att.attname, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', thing.name, att.attname,
            pg_get_expr(def.adbin, def.adrelid))
        FROM thing
        INNER JOIN pg_attrdef AS def ON thing.word = 'VIEW' AND def.adrelid = p_objid
        INNER JOIN pg_attribute AS att ON att.attrelid = def.adrelid AND att.attnum = def.adnum
        UNION ALL
        SELECT 7, 'rule', NULL, regexp_replace(pg_get_ruledef(rul.oid), '^\s*CREATE RULE', 'CREATE OR REPLACE RULE')
        FROM thing
        INNER JOIN pg_rewrite AS rul ON thing.word = 'VIEW' AND rul.ev_class = p_objid AND rul.rulename <> '_RETURN'
        UNION ALL
        SELECT 7, 'trigger', NULL, regexp_replace(pg_get_triggerdef(trg.oid), '^CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER')
        FROM thing
        INNER JOIN pg_trigger AS trg ON thing.word = 'VIEW' AND trg.tgrelid = p_objid AND NOT trg.tgisinternal
        UNION ALL
        SELECT 8, 'trigger', NULL, format('COMMENT ON TRIGGER %I ON %s IS %L', trg.tgname, thing.name, obj_description(trg.oid, 'pg_trigger'))
        FROM thing
        INNER JOIN pg_trigger AS trg ON thing.word = 'VIEW' AND trg.tgrelid = p_objid AND NOT trg.tgisinternal
        WHERE obj_description(trg.oid, 'pg_trigger') IS NOT NULL
    )

    SELECT coalesce(jsonb_agg(
        jsonb_build_object('aspect', part.aspect, 'column', part.column_name, 'statement', part.statement)
        ORDER BY part.step, part.statement COLLATE "C"
    ), '[]')
    FROM part;
END;

COMMENT ON FUNCTION deploy_internal.attributes_of IS
'An array of {aspect, column, statement} in the order in which they must run.';

REVOKE ALL ON FUNCTION deploy_internal.attributes_of FROM PUBLIC;
