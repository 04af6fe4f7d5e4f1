-- name: catalog_rare_facts
-- The same of rarer objects: rules, operators and their classes, collations, text search, casts, publications, event
-- triggers, default privileges, foreign data wrappers and servers. Sent after catalog_session.
-- creation: the statement that makes it; it is not compared, the other facts are.
WITH spaces AS MATERIALIZED (
    SELECT nsp.oid, nsp.nspname, 'SCHEMA ' || quote_ident(nsp.nspname) AS address
    FROM pg_namespace AS nsp
    WHERE nsp.nspname !~ '^pg_' AND nsp.nspname NOT IN ('information_schema', 'deploy')
),

relations AS MATERIALIZED (
    SELECT cls.oid, spa.nspname, format('%I.%I', spa.nspname, cls.relname) AS name,
        concat_ws(' ', words.word, format('%I.%I', spa.nspname, cls.relname)) AS address
    FROM pg_class AS cls
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    INNER JOIN (VALUES ('r', 'TABLE'), ('p', 'TABLE'), ('v', 'VIEW'), ('m', 'MATERIALIZED VIEW'), ('f', 'FOREIGN TABLE'))
        AS words (relkind, word) ON cls.relkind::text = words.relkind
),

family_members AS MATERIALIZED (  -- class_id: NULL for a member of the family alone
    SELECT mem.family_id, mem.member, mem.place, (
        SELECT dep.refobjid FROM pg_depend AS dep
        WHERE dep.classid = mem.classid AND dep.objid = mem.oid AND dep.refclassid = 'pg_opclass'::regclass
    ) AS class_id
    FROM (
        SELECT 'pg_amop'::regclass::oid AS classid, amo.oid, amo.amopfamily AS family_id, format('a%s', amo.amopstrategy) AS place,
            format('OPERATOR %s %s', amo.amopstrategy, amo.amopopr::regoperator)
            || coalesce((
                SELECT format(' FOR ORDER BY %I.%I', nsp.nspname, opf.opfname)
                FROM pg_opfamily AS opf INNER JOIN pg_namespace AS nsp ON opf.opfnamespace = nsp.oid
                WHERE opf.oid = amo.amopsortfamily
            ), '') AS member
        FROM pg_amop AS amo
        UNION ALL
        SELECT 'pg_amproc'::regclass, apr.oid, apr.amprocfamily, format('b%s', apr.amprocnum),
            format('FUNCTION %s (%s, %s) %s', apr.amprocnum, format_type(apr.amproclefttype, NULL),
                format_type(apr.amprocrighttype, NULL), apr.amproc::regprocedure)
        FROM pg_amproc AS apr
    ) AS mem
    WHERE mem.oid >= 16384
),

published AS MATERIALIZED (
    SELECT pre.oid, pre.prpubid, rel.nspname, rel.address, rel.name, pg_get_expr(pre.prqual, pre.prrelid) AS expression, (
        SELECT array_agg(quote_ident(att.attname) ORDER BY att.attnum) FROM pg_attribute AS att
        WHERE att.attrelid = pre.prrelid AND att.attnum = ANY (pre.prattrs)
    ) AS column_names
    FROM pg_publication_rel AS pre
    INNER JOIN relations AS rel ON pre.prrelid = rel.oid
),

things AS (
    SELECT 'RULE' AS kind, 'pg_rewrite'::regclass::oid AS classid, rul.oid, rel.nspname AS schema_name,
        ARRAY[rel.address] AS parents, NULL::oid AS owner_id, NULL::text AS acl_type, NULL::aclitem [] AS acl,
        jsonb_build_object('definition', pg_get_ruledef(rul.oid), 'fires', rul.ev_enabled) AS facts
    FROM pg_rewrite AS rul
    INNER JOIN relations AS rel ON rul.ev_class = rel.oid
    WHERE rul.rulename <> '_RETURN'
    UNION ALL
    SELECT 'OPERATOR', 'pg_operator'::regclass, opr.oid, spa.nspname, ARRAY[spa.address], opr.oprowner, NULL, NULL,
        jsonb_build_object('definition', format('CREATE OPERATOR %I.%s (FUNCTION = %s%s%s%s%s%s%s%s%s)', spa.nspname, opr.oprname,
            opr.oprcode, ', LEFTARG = ' || format_type(nullif(opr.oprleft, 0), NULL),
            ', RIGHTARG = ' || format_type(nullif(opr.oprright, 0), NULL),
            (SELECT format(', COMMUTATOR = OPERATOR(%I.%s)', nsp.nspname, com.oprname) FROM pg_operator AS com
                INNER JOIN pg_namespace AS nsp ON com.oprnamespace = nsp.oid WHERE com.oid = opr.oprcom),
            (SELECT format(', NEGATOR = OPERATOR(%I.%s)', nsp.nspname, neg.oprname) FROM pg_operator AS neg
                INNER JOIN pg_namespace AS nsp ON neg.oprnamespace = nsp.oid WHERE neg.oid = opr.oprnegate),
            ', RESTRICT = ' || nullif(opr.oprrest::text, '-'), ', JOIN = ' || nullif(opr.oprjoin::text, '-'),
            CASE WHEN opr.oprcanhash THEN ', HASHES' END, CASE WHEN opr.oprcanmerge THEN ', MERGES' END))
    FROM pg_operator AS opr
    INNER JOIN spaces AS spa ON opr.oprnamespace = spa.oid
    WHERE opr.oprcode <> 0  -- another operator named it, and nobody made it yet
    UNION ALL
    SELECT 'OPERATOR FAMILY', 'pg_opfamily'::regclass, opf.oid, spa.nspname, ARRAY[spa.address], opf.opfowner, NULL, NULL,
        jsonb_build_object(
            'members', (
                SELECT array_agg(mem.member ORDER BY mem.place, mem.member COLLATE "C") FROM family_members AS mem
                WHERE mem.family_id = opf.oid AND mem.class_id IS NULL
            ), 'creation', format('CREATE OPERATOR FAMILY %I.%I USING %I', spa.nspname, opf.opfname, acm.amname))
    FROM pg_opfamily AS opf
    INNER JOIN spaces AS spa ON opf.opfnamespace = spa.oid
    INNER JOIN pg_am AS acm ON opf.opfmethod = acm.oid
    UNION ALL
    SELECT 'OPERATOR CLASS', 'pg_opclass'::regclass, opc.oid, spa.nspname,
        ARRAY[spa.address, format('OPERATOR FAMILY %I.%I USING %I', nsp.nspname, opf.opfname, acm.amname)],
        opc.opcowner, NULL, NULL, jsonb_build_object('definition', format(
            'CREATE OPERATOR CLASS %I.%I %sFOR TYPE %s USING %I FAMILY %I.%I AS %s', spa.nspname, opc.opcname,
            CASE WHEN opc.opcdefault THEN 'DEFAULT ' END, format_type(opc.opcintype, NULL), acm.amname, nsp.nspname, opf.opfname,
            concat_ws(', ', (
                SELECT string_agg(mem.member, ', ' ORDER BY mem.place, mem.member COLLATE "C") FROM family_members AS mem
                WHERE mem.class_id = opc.oid
            ), 'STORAGE ' || format_type(nullif(opc.opckeytype, 0), NULL))))
    FROM pg_opclass AS opc
    INNER JOIN spaces AS spa ON opc.opcnamespace = spa.oid
    INNER JOIN pg_am AS acm ON opc.opcmethod = acm.oid
    INNER JOIN pg_opfamily AS opf ON opc.opcfamily = opf.oid
    INNER JOIN pg_namespace AS nsp ON opf.opfnamespace = nsp.oid
    UNION ALL
    -- the name of a column differs between versions
    SELECT 'COLLATION', 'pg_collation'::regclass, col.oid, spa.nspname, ARRAY[spa.address], col.collowner, NULL, NULL,
        jsonb_build_object('definition', format('CREATE COLLATION %I.%I (PROVIDER = %s, %s%s%s)', spa.nspname, col.collname,
            CASE col.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
            CASE WHEN col.collprovider = 'c' THEN format('LC_COLLATE = %L, LC_CTYPE = %L', col.collcollate, col.collctype)
                ELSE format('LOCALE = %L', coalesce(to_jsonb(col) ->> 'colllocale', to_jsonb(col) ->> 'colliculocale')) END,
            CASE WHEN NOT col.collisdeterministic THEN ', DETERMINISTIC = FALSE' END,
            CASE WHEN to_jsonb(col) ->> 'collicurules' <> '' THEN format(', RULES = %L', to_jsonb(col) ->> 'collicurules') END))
    FROM pg_collation AS col
    INNER JOIN spaces AS spa ON col.collnamespace = spa.oid
    UNION ALL
    SELECT 'TEXT SEARCH DICTIONARY', 'pg_ts_dict'::regclass, dic.oid, spa.nspname, ARRAY[spa.address], dic.dictowner, NULL, NULL,
        jsonb_build_object('template', made.template, 'options', dic.dictinitoption, 'creation', format(
            'CREATE TEXT SEARCH DICTIONARY %I.%I (%s)', spa.nspname, dic.dictname,
            concat_ws(', ', 'TEMPLATE = ' || made.template, dic.dictinitoption)))
    FROM pg_ts_dict AS dic
    INNER JOIN spaces AS spa ON dic.dictnamespace = spa.oid
    INNER JOIN LATERAL (
        SELECT format('%I.%I', nsp.nspname, tem.tmplname) AS template
        FROM pg_ts_template AS tem INNER JOIN pg_namespace AS nsp ON tem.tmplnamespace = nsp.oid WHERE tem.oid = dic.dicttemplate
    ) AS made ON TRUE
    UNION ALL
    SELECT 'TEXT SEARCH CONFIGURATION', 'pg_ts_config'::regclass, cfg.oid, spa.nspname, ARRAY[spa.address], cfg.cfgowner, NULL, NULL,
        jsonb_build_object('parser', made.parser, 'mappings', (
            SELECT jsonb_object_agg(tok.alias, map.dictionaries)
            FROM (
                SELECT ent.maptokentype, string_agg(ent.mapdict::regdictionary::text, ', ' ORDER BY ent.mapseqno) AS dictionaries
                FROM pg_ts_config_map AS ent WHERE ent.mapcfg = cfg.oid GROUP BY ent.maptokentype
            ) AS map
            INNER JOIN ts_token_type(cfg.cfgparser) AS tok ON map.maptokentype = tok.tokid
        ), 'creation', format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %s)', spa.nspname, cfg.cfgname, made.parser))
    FROM pg_ts_config AS cfg
    INNER JOIN spaces AS spa ON cfg.cfgnamespace = spa.oid
    INNER JOIN LATERAL (
        SELECT format('%I.%I', nsp.nspname, prs.prsname) AS parser
        FROM pg_ts_parser AS prs INNER JOIN pg_namespace AS nsp ON prs.prsnamespace = nsp.oid WHERE prs.oid = cfg.cfgparser
    ) AS made ON TRUE
    UNION ALL
    SELECT 'CAST', 'pg_cast'::regclass, cst.oid, '', ARRAY(
        SELECT concat_ws(' ', CASE typ.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format_type(typ.oid, NULL))
        FROM pg_type AS typ INNER JOIN spaces AS spa ON typ.typnamespace = spa.oid
        WHERE typ.oid IN (cst.castsource, cst.casttarget)
    ), NULL, NULL, NULL, jsonb_build_object('definition', format('CREATE CAST (%s AS %s) %s%s',
        format_type(cst.castsource, NULL), format_type(cst.casttarget, NULL),
        CASE cst.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || cst.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
        CASE cst.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END))
    FROM pg_cast AS cst
    WHERE cst.oid >= 16384
    UNION ALL
    SELECT 'EVENT TRIGGER', 'pg_event_trigger'::regclass, evt.oid, '', '{}', evt.evtowner, NULL, NULL, jsonb_build_object(
        'fires', evt.evtenabled, 'definition', format('CREATE EVENT TRIGGER %I ON %I%s EXECUTE FUNCTION %s()', evt.evtname, evt.evtevent,
            (SELECT ' WHEN TAG IN (' || string_agg(quote_literal(tag), ', ' ORDER BY tag) || ')' FROM unnest(evt.evttags) AS tag),
            evt.evtfoid::regproc))
    FROM pg_event_trigger AS evt
    UNION ALL
    SELECT 'PUBLICATION', 'pg_publication'::regclass, pub.oid, '', '{}', pub.pubowner, NULL, NULL, jsonb_build_object(
        'all tables', pub.puballtables, 'settings', sets.listed, 'creation', format('CREATE PUBLICATION %I%s WITH (%s)', pub.pubname,
            CASE WHEN pub.puballtables THEN ' FOR ALL TABLES' ELSE ' FOR ' || nullif(concat_ws(', ', (
                SELECT string_agg('TABLE ' || concat_ws(' ', mem.name, '(' || array_to_string(mem.column_names, ', ') || ')',
                    'WHERE (' || mem.expression || ')'), ', ' ORDER BY mem.name)
                FROM published AS mem WHERE mem.prpubid = pub.oid
            ), (
                SELECT string_agg(format('TABLES IN SCHEMA %I', nsp.nspname), ', ' ORDER BY nsp.nspname)
                FROM pg_publication_namespace AS mem INNER JOIN pg_namespace AS nsp ON mem.pnnspid = nsp.oid WHERE mem.pnpubid = pub.oid
            )), '') END, array_to_string(sets.listed, ', ')))
    FROM pg_publication AS pub
    CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
        format('publish = %L', concat_ws(', ', CASE WHEN pub.pubinsert THEN 'insert' END, CASE WHEN pub.pubupdate THEN 'update' END,
            CASE WHEN pub.pubdelete THEN 'delete' END, CASE WHEN pub.pubtruncate THEN 'truncate' END)),
        format('publish_via_partition_root = %s', pub.pubviaroot::text),
        'publish_generated_columns = '
            || CASE to_jsonb(pub) ->> 'pubgencols' WHEN 's' THEN 'stored' END  -- since version 18; none is the default
    ], NULL) AS listed) AS sets
    UNION ALL
    SELECT 'PUBLICATION TABLE', 'pg_publication_rel'::regclass, mem.oid, mem.nspname,
        ARRAY[mem.address, format('PUBLICATION %I', pub.pubname)]
        || ARRAY(SELECT format('COLUMN %s.%s', mem.name, item) FROM unnest(mem.column_names) AS item), NULL, NULL, NULL,
        jsonb_build_object('columns', mem.column_names, 'expression', mem.expression)
    FROM published AS mem
    INNER JOIN pg_publication AS pub ON mem.prpubid = pub.oid
    UNION ALL
    SELECT 'PUBLICATION SCHEMA', 'pg_publication_namespace'::regclass, mem.oid, spa.nspname,
        ARRAY[spa.address, format('PUBLICATION %I', pub.pubname)], NULL, NULL, NULL, '{}'
    FROM pg_publication_namespace AS mem
    INNER JOIN spaces AS spa ON mem.pnnspid = spa.oid
    INNER JOIN pg_publication AS pub ON mem.pnpubid = pub.oid
    UNION ALL
    SELECT 'DEFAULT PRIVILEGES', 'pg_default_acl'::regclass, acl.oid, coalesce(spa.nspname, ''), array_remove(ARRAY[spa.address], NULL),
        rol.oid, CASE acl.defaclobjtype WHEN 'S' THEN 's' ELSE acl.defaclobjtype::text END, acl.defaclacl,
        jsonb_build_object('role', rol.rolname, 'schema', spa.nspname, 'objects',
            CASE acl.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
                WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END)
    FROM pg_default_acl AS acl
    INNER JOIN pg_roles AS rol ON acl.defaclrole = rol.oid
    LEFT JOIN spaces AS spa ON acl.defaclnamespace = spa.oid
    WHERE acl.defaclnamespace = 0 OR spa.oid IS NOT NULL
    UNION ALL
    SELECT 'FOREIGN DATA WRAPPER', 'pg_foreign_data_wrapper'::regclass, fdw.oid, '', '{}', fdw.fdwowner, 'F', fdw.fdwacl,
        jsonb_build_object('handler', nullif(fdw.fdwhandler, 0)::regproc, 'validator', nullif(fdw.fdwvalidator, 0)::regproc,
            'options', fdw.fdwoptions, 'creation', concat_ws(' ', format('CREATE FOREIGN DATA WRAPPER %I', fdw.fdwname),
                'HANDLER ' || nullif(fdw.fdwhandler, 0)::regproc, 'VALIDATOR ' || nullif(fdw.fdwvalidator, 0)::regproc,
                (SELECT 'OPTIONS (' || string_agg(format('%I %L', opt.option_name, opt.option_value), ', ') || ')'
                    FROM pg_options_to_table(fdw.fdwoptions) AS opt)))
    FROM pg_foreign_data_wrapper AS fdw
    UNION ALL
    SELECT 'SERVER', 'pg_foreign_server'::regclass, srv.oid, '', '{}', srv.srvowner, 'S', srv.srvacl,
        jsonb_build_object('wrapper', fdw.fdwname, 'type', srv.srvtype, 'server version', srv.srvversion, 'options', srv.srvoptions,
            'creation', concat_ws(' ', format('CREATE SERVER %I', srv.srvname), 'TYPE ' || quote_literal(srv.srvtype), 'VERSION ' || quote_literal(srv.srvversion),
                format('FOREIGN DATA WRAPPER %I', fdw.fdwname),
                (SELECT 'OPTIONS (' || string_agg(format('%I %L', opt.option_name, opt.option_value), ', ') || ')'
                    FROM pg_options_to_table(srv.srvoptions) AS opt)))
    FROM pg_foreign_server AS srv
    INNER JOIN pg_foreign_data_wrapper AS fdw ON srv.srvfdw = fdw.oid
)

SELECT
    thi.kind,
    (pg_identify_object(thi.classid, thi.oid, 0)).identity AS identity,
    thi.schema_name,
    thi.parents,
    FALSE AS is_partition,
    thi.facts || jsonb_build_object('comment', obj_description(thi.oid, thi.classid::regclass::name))
    || CASE WHEN thi.owner_id IS NULL OR thi.kind = 'DEFAULT PRIVILEGES' THEN '{}' ELSE jsonb_build_object('owner', own.rolname) END
    || CASE WHEN thi.acl_type IS NULL THEN '{}' ELSE jsonb_build_object('rights', (
        SELECT jsonb_object_agg(item.grantee, item.privileges)
        FROM (
            SELECT CASE acl.grantee WHEN 0 THEN 'PUBLIC' WHEN thi.owner_id THEN 'owner' ELSE rol.rolname::text END AS grantee,
                -- version 17 knows one right more than 16: all of them must look the same
                CASE WHEN count(DISTINCT acl.privilege_type) = dfl.right_count AND dfl.right_count > 1 AND NOT bool_or(acl.is_grantable)
                    THEN 'ALL'
                    ELSE string_agg(DISTINCT acl.privilege_type || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ')
                END AS privileges
            FROM aclexplode(coalesce(thi.acl, dfl.acl)) AS acl
            LEFT JOIN pg_roles AS rol ON acl.grantee = rol.oid
            GROUP BY acl.grantee, rol.rolname
        ) AS item
    )) END AS facts
FROM things AS thi
LEFT JOIN pg_roles AS own ON thi.owner_id = own.oid
LEFT JOIN LATERAL (
    SELECT def.acl, (SELECT count(*) FROM aclexplode(def.acl) AS item WHERE item.grantee = thi.owner_id) AS right_count
    FROM (SELECT acldefault(thi.acl_type::"char", thi.owner_id) AS acl WHERE thi.acl_type IS NOT NULL) AS def
) AS dfl ON TRUE
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS dep WHERE dep.classid = thi.classid AND dep.objid = thi.oid AND dep.deptype = 'e'
);
