-- name: catalog_session
-- For the transaction: names written in full and constants in one form, whatever login, locale or time zone.
SET LOCAL search_path = pg_catalog;
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL IntervalStyle = 'postgres';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL quote_all_identifiers = off;
-- compiling the statement below takes longer than running it
SET LOCAL jit = off;

-- name: catalog_facts
-- Every object of every schema, those of the server, of extensions and of the runner apart, with what defines it.
-- parents: what takes it along when it goes. facts: free of object numbers, and the same on every version of PostgreSQL.
-- Sent after catalog_session.
WITH spaces AS MATERIALIZED (
    SELECT nsp.oid, nsp.nspname, nsp.nspowner, nsp.nspacl, 'SCHEMA ' || quote_ident(nsp.nspname) AS address
    FROM pg_namespace AS nsp
    WHERE nsp.nspname !~ '^pg_' AND nsp.nspname NOT IN ('information_schema', 'deploy')
),

relations AS MATERIALIZED (
    SELECT cls.*, spa.nspname, spa.address AS schema_address, words.word, format('%I.%I', spa.nspname, cls.relname) AS name,
        concat_ws(' ', words.word, format('%I.%I', spa.nspname, cls.relname)) AS address
    FROM pg_class AS cls
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    INNER JOIN (VALUES ('r', 'TABLE'), ('p', 'TABLE'), ('v', 'VIEW'), ('m', 'MATERIALIZED VIEW'), ('f', 'FOREIGN TABLE'),
        ('S', 'SEQUENCE'), ('c', 'TYPE')) AS words (relkind, word) ON cls.relkind::text = words.relkind
),

things AS (
    SELECT 'SCHEMA' AS kind, 'pg_namespace'::regclass::oid AS classid, spa.oid, spa.nspname AS schema_name,
        '{}'::text [] AS parents, FALSE AS is_partition, spa.nspowner AS owner_id, 'n' AS acl_type, spa.nspacl AS acl,
        '{}'::jsonb AS facts
    FROM spaces AS spa
    UNION ALL
    SELECT rel.word, 'pg_class'::regclass, rel.oid, rel.nspname,
        array_remove(ARRAY[rel.schema_address, own.address, 'SERVER ' || quote_ident(srv.srvname)], NULL), rel.relispartition,
        CASE WHEN own.address IS NULL THEN rel.relowner END, CASE rel.relkind WHEN 'S' THEN 's' ELSE 'r' END, rel.relacl,
        CASE WHEN rel.relkind = 'S' THEN jsonb_build_object(
            'type', format_type(seq.seqtypid, NULL), 'start', seq.seqstart, 'increment', seq.seqincrement,
            'minimum', seq.seqmin, 'maximum', seq.seqmax, 'cache', seq.seqcache, 'cycle', seq.seqcycle)
        ELSE jsonb_build_object(
            'persistence', rel.relpersistence, 'row security', rel.relrowsecurity,
            'forced row security', rel.relforcerowsecurity, 'replica identity', rel.relreplident,
            'settings', (SELECT array_agg(item ORDER BY item COLLATE "C") FROM unnest(rel.reloptions) AS item),
            'definition', CASE WHEN rel.relkind IN ('v', 'm') THEN pg_get_viewdef(rel.oid) END,
            'partition key', CASE WHEN rel.relkind = 'p' THEN pg_get_partkeydef(rel.oid) END)
        END || CASE WHEN fot.ftrelid IS NULL THEN '{}' ELSE jsonb_build_object('server', srv.srvname, 'options', fot.ftoptions, 'creation', (
            SELECT format('CREATE FOREIGN TABLE %s (%s) SERVER %I%s', rel.name, string_agg(concat_ws(' ', quote_ident(att.attname),
                format_type(att.atttypid, att.atttypmod), 'OPTIONS (' || (
                    SELECT string_agg(format('%I %L', opt.option_name, opt.option_value), ', ')
                    FROM pg_options_to_table(att.attfdwoptions) AS opt
                ) || ')', CASE WHEN att.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(def.adbin, def.adrelid)),
                ', ' ORDER BY att.attnum), srv.srvname, ' OPTIONS (' || (
                    SELECT string_agg(format('%I %L', opt.option_name, opt.option_value), ', ')
                    FROM pg_options_to_table(fot.ftoptions) AS opt
                ) || ')')
            FROM pg_attribute AS att
            LEFT JOIN pg_attrdef AS def ON att.attrelid = def.adrelid AND att.attnum = def.adnum
            WHERE att.attrelid = rel.oid AND att.attnum > 0 AND NOT att.attisdropped
        )) END
    FROM relations AS rel
    LEFT JOIN pg_sequence AS seq ON rel.oid = seq.seqrelid
    LEFT JOIN pg_foreign_table AS fot ON rel.oid = fot.ftrelid
    LEFT JOIN pg_foreign_server AS srv ON fot.ftserver = srv.oid
    LEFT JOIN LATERAL (  -- the column of a serial or identity
        SELECT format('COLUMN %s.%I', tab.name, att.attname) AS address
        FROM pg_depend AS dep
        INNER JOIN relations AS tab ON dep.refobjid = tab.oid
        INNER JOIN pg_attribute AS att ON att.attrelid = tab.oid AND att.attnum = dep.refobjsubid
        WHERE rel.relkind = 'S' AND dep.classid = 'pg_class'::regclass AND dep.objid = rel.oid
            AND dep.refclassid = 'pg_class'::regclass AND dep.deptype IN ('a', 'i')
    ) AS own ON TRUE
    WHERE rel.relkind <> 'c'
    UNION ALL
    SELECT 'INDEX', 'pg_class'::regclass, idx.indexrelid, rel.nspname,
        array_remove(ARRAY[rel.address, (
            SELECT format('CONSTRAINT %I on %s', con.conname, rel.name) FROM pg_constraint AS con
            WHERE con.conindid = idx.indexrelid AND con.conrelid = idx.indrelid AND con.contype IN ('p', 'u', 'x')
        )], NULL) || ARRAY(
            SELECT format('COLUMN %s.%I', rel.name, att.attname) FROM pg_attribute AS att
            WHERE att.attrelid = idx.indrelid AND att.attnum = ANY (idx.indkey)
        ),
        rel.relispartition, NULL, NULL, NULL, jsonb_build_object(
            'definition', pg_get_indexdef(idx.indexrelid), 'is valid', idx.indisvalid, 'is clustered', idx.indisclustered,
            'is replica identity', idx.indisreplident, 'settings', (SELECT cls.reloptions FROM pg_class AS cls WHERE cls.oid = idx.indexrelid))
    FROM pg_index AS idx
    INNER JOIN relations AS rel ON idx.indrelid = rel.oid
    UNION ALL
    -- PostgreSQL 18 keeps NOT NULL here too; it is a fact of the column
    SELECT 'CONSTRAINT', 'pg_constraint'::regclass, con.oid, spa.nspname,
        ARRAY[coalesce(rel.address, concat_ws(' ', 'DOMAIN', format_type(con.contypid, NULL)))] || ARRAY(
            SELECT format('COLUMN %s.%I', rel.name, att.attname) FROM pg_attribute AS att
            WHERE att.attrelid = con.conrelid AND att.attnum = ANY (con.conkey)
        ),
        coalesce(rel.relispartition, FALSE), NULL, NULL, NULL, jsonb_build_object(
            'definition', CASE WHEN con.contype <> 'c' OR rel.oid IS NULL THEN pg_get_constraintdef(con.oid)
                ELSE CASE WHEN con.connoinherit THEN 'CHECK NO INHERIT' ELSE 'CHECK' END END,
            'expression', CASE WHEN con.contype = 'c' AND rel.oid IS NOT NULL THEN pg_get_expr(con.conbin, con.conrelid) END,
            'is validated', con.convalidated)
    FROM pg_constraint AS con
    INNER JOIN spaces AS spa ON con.connamespace = spa.oid
    LEFT JOIN relations AS rel ON con.conrelid = rel.oid
    WHERE con.contype IN ('c', 'f', 'p', 'u', 'x') AND con.conparentid = 0
    UNION ALL
    SELECT CASE pro.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, 'pg_proc'::regclass,
        pro.oid, spa.nspname, ARRAY[spa.address], FALSE, pro.proowner, 'f', pro.proacl, jsonb_build_object(
            -- generated functions note the number of a relation in a comment
            'definition', CASE WHEN pro.prokind <> 'a'
                THEN regexp_replace(pg_get_functiondef(pro.oid), '-- relation [0-9]+', '', 'g') END)
        || CASE WHEN agg.aggfnoid IS NULL THEN '{}' ELSE jsonb_build_object('made of', concat_ws(', ',
            agg.aggtransfn::regprocedure, format_type(agg.aggtranstype, NULL), nullif(agg.aggfinalfn, 0)::regprocedure,
            nullif(agg.aggcombinefn, 0)::regprocedure, nullif(agg.aggsortop, 0)::regoperator,
            'starts with ' || quote_literal(agg.agginitval), pro.proparallel)) END
    FROM pg_proc AS pro
    INNER JOIN spaces AS spa ON pro.pronamespace = spa.oid
    LEFT JOIN pg_aggregate AS agg ON pro.oid = agg.aggfnoid
    UNION ALL
    SELECT 'TRIGGER', 'pg_trigger'::regclass, trg.oid, rel.nspname, ARRAY[rel.address], rel.relispartition, NULL, NULL, NULL,
        jsonb_build_object('definition', pg_get_triggerdef(trg.oid), 'fires', trg.tgenabled)
    FROM pg_trigger AS trg
    INNER JOIN relations AS rel ON trg.tgrelid = rel.oid
    WHERE NOT trg.tgisinternal AND trg.tgparentid = 0
    UNION ALL
    SELECT CASE typ.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, 'pg_type'::regclass, typ.oid, spa.nspname, ARRAY[spa.address], FALSE,
        typ.typowner, 'T', typ.typacl, jsonb_build_object(
            'type', typ.typtype, 'base type', format_type(nullif(typ.typbasetype, 0), typ.typtypmod), 'not null', typ.typnotnull,
            'default', typ.typdefault, 'values', (
                SELECT array_agg(enu.enumlabel ORDER BY enu.enumsortorder) FROM pg_enum AS enu WHERE enu.enumtypid = typ.oid
            ), 'creation', CASE WHEN typ.typtype = 'c' THEN (
                SELECT format('CREATE TYPE %I.%I AS (%s)', spa.nspname, typ.typname, string_agg(
                    format('%I %s', att.attname, format_type(att.atttypid, att.atttypmod)), ', ' ORDER BY att.attnum))
                FROM pg_attribute AS att WHERE att.attrelid = typ.typrelid AND att.attnum > 0 AND NOT att.attisdropped
            ) END)
    FROM pg_type AS typ
    INNER JOIN spaces AS spa ON typ.typnamespace = spa.oid
    WHERE typ.typtype IN ('d', 'e', 'r') OR (typ.typtype = 'c' AND EXISTS (
        SELECT FROM pg_class AS cls WHERE cls.oid = typ.typrelid AND cls.relkind = 'c'
    ))
    UNION ALL
    SELECT 'POLICY', 'pg_policy'::regclass, pol.oid, rel.nspname, ARRAY[rel.address], FALSE, NULL, NULL, NULL, jsonb_build_object(
        'command', pol.polcmd, 'permissive', pol.polpermissive, 'roles', (
            SELECT array_agg(coalesce(rol.rolname, 'PUBLIC') ORDER BY rol.rolname) FROM unnest(pol.polroles) AS item (oid)
            LEFT JOIN pg_roles AS rol USING (oid)
        ), 'using', pg_get_expr(pol.polqual, pol.polrelid), 'check', pg_get_expr(pol.polwithcheck, pol.polrelid))
    FROM pg_policy AS pol
    INNER JOIN relations AS rel ON pol.polrelid = rel.oid
    UNION ALL
    SELECT 'STATISTICS', 'pg_statistic_ext'::regclass, sta.oid, rel.nspname, ARRAY[rel.address], FALSE, sta.stxowner, NULL, NULL,
        jsonb_build_object('definition', pg_get_statisticsobjdef(sta.oid), 'statistics target', nullif(sta.stxstattarget, -1))
    FROM pg_statistic_ext AS sta
    INNER JOIN relations AS rel ON sta.stxrelid = rel.oid
    UNION ALL
    SELECT 'EXTENSION', 'pg_extension'::regclass, ext.oid, '', '{}', FALSE, NULL, NULL, NULL, jsonb_build_object('version', ext.extversion)
    FROM pg_extension AS ext
),

columns AS (
    SELECT
        format('%s.%I', rel.name, att.attname) AS identity,
        rel.nspname AS schema_name,
        ARRAY[rel.address] AS parents,
        rel.relispartition AS is_partition,
        jsonb_build_object(
            'type', format_type(att.atttypid, att.atttypmod), 'not null', att.attnotnull, 'identity', att.attidentity,
            'generated', att.attgenerated, 'default', pg_get_expr(def.adbin, def.adrelid),
            'collation', CASE WHEN att.attcollation <> typ.typcollation THEN col.collname END,
            'settings', att.attoptions, 'storage', att.attstorage, 'compression', att.attcompression,
            'statistics target', nullif(att.attstattarget, -1), 'rights', (
                SELECT jsonb_object_agg(item.grantee, item.privileges)
                FROM (
                    SELECT coalesce(rol.rolname, 'PUBLIC') AS grantee, string_agg(
                        DISTINCT acl.privilege_type || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ') AS privileges
                    FROM aclexplode(att.attacl) AS acl
                    LEFT JOIN pg_roles AS rol ON acl.grantee = rol.oid
                    WHERE acl.grantee <> rel.relowner
                    GROUP BY coalesce(rol.rolname, 'PUBLIC')
                ) AS item
            ), 'comment', col_description(rel.oid, att.attnum),
            'position', row_number() OVER (PARTITION BY rel.oid ORDER BY att.attnum)
        ) || CASE rel.relkind WHEN 'f' THEN jsonb_build_object('options', att.attfdwoptions) ELSE '{}' END AS facts
    FROM pg_attribute AS att
    INNER JOIN relations AS rel ON att.attrelid = rel.oid
    INNER JOIN pg_type AS typ ON att.atttypid = typ.oid
    LEFT JOIN pg_attrdef AS def ON att.attrelid = def.adrelid AND att.attnum = def.adnum
    LEFT JOIN pg_collation AS col ON att.attcollation = col.oid
    WHERE att.attnum > 0 AND NOT att.attisdropped AND rel.relkind <> 'S'
)

SELECT
    thi.kind,
    (pg_identify_object(thi.classid, thi.oid, 0)).identity AS identity,
    thi.schema_name,
    thi.parents,
    thi.is_partition,
    thi.facts || jsonb_build_object('comment', obj_description(thi.oid, thi.classid::regclass::name)) || CASE
        WHEN thi.kind = 'STATISTICS' THEN jsonb_build_object('owner', own.rolname)
        WHEN thi.acl_type IS NULL THEN '{}' ELSE jsonb_build_object('owner', own.rolname, 'rights', (
            SELECT jsonb_object_agg(item.grantee, item.privileges)
            FROM (
                SELECT CASE acl.grantee WHEN 0 THEN 'PUBLIC' WHEN dfl.owner_id THEN 'owner' ELSE rol.rolname::text END AS grantee,
                    -- version 17 knows one right more than 16: all of them must look the same
                    CASE WHEN count(DISTINCT acl.privilege_type) = dfl.right_count AND dfl.right_count > 1 AND NOT bool_or(acl.is_grantable)
                        THEN 'ALL'
                        ELSE string_agg(DISTINCT acl.privilege_type
                            || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ')
                    END AS privileges
                FROM aclexplode(coalesce(thi.acl, dfl.acl)) AS acl
                LEFT JOIN pg_roles AS rol ON acl.grantee = rol.oid
                GROUP BY acl.grantee, rol.rolname
            ) AS item
        )) END AS facts
FROM things AS thi
LEFT JOIN pg_roles AS own ON thi.owner_id = own.oid
LEFT JOIN LATERAL (
    SELECT def.acl, def.owner_id, (SELECT count(*) FROM aclexplode(def.acl) AS item WHERE item.grantee = def.owner_id) AS right_count
    FROM (
        SELECT acldefault(thi.acl_type::"char", who.oid) AS acl, who.oid AS owner_id
        FROM (SELECT coalesce(thi.owner_id, (SELECT cls.relowner FROM pg_class AS cls WHERE cls.oid = thi.oid)) AS oid) AS who
        WHERE thi.acl_type IS NOT NULL
    ) AS def
) AS dfl ON TRUE
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS dep WHERE dep.classid = thi.classid AND dep.objid = thi.oid AND dep.deptype = 'e'
)
UNION ALL
SELECT 'COLUMN', col.identity, col.schema_name, col.parents, col.is_partition, col.facts
FROM columns AS col;
