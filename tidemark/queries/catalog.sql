-- name: catalog_lines
-- Everything in our schemas, the runner's own apart: one line an object, free of object numbers.
WITH spaces AS (
    SELECT nsp.oid, nsp.nspname, nsp.nspowner, nsp.nspacl
    FROM pg_catalog.pg_namespace AS nsp
    WHERE nsp.nspname !~ '^pg_' AND nsp.nspname NOT IN ('information_schema', 'deploy')
),

things AS (
    SELECT 'schema' AS kind, 'pg_namespace'::regclass::oid AS classid, spa.oid, spa.nspowner AS owner_id,
        coalesce(spa.nspacl, acldefault('n', spa.nspowner)) AS acl, '' AS body
    FROM spaces AS spa
    UNION ALL
    SELECT 'relation', 'pg_class'::regclass, cls.oid, cls.relowner,
        coalesce(cls.relacl, acldefault(CASE cls.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", cls.relowner)),
        concat_ws(' ', cls.relkind, cls.relpersistence, cls.relrowsecurity, cls.relforcerowsecurity, cls.reloptions,
            CASE
                WHEN cls.relkind IN ('v', 'm') THEN pg_get_viewdef(cls.oid)
                WHEN cls.relkind = 'p' THEN pg_get_partkeydef(cls.oid)
            END)
    FROM pg_catalog.pg_class AS cls
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    WHERE cls.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'index', 'pg_class'::regclass, idx.indexrelid, NULL, NULL,
        concat_ws(' ', pg_get_indexdef(idx.indexrelid), idx.indisvalid, idx.indisclustered, idx.indisreplident)
    FROM pg_catalog.pg_index AS idx
    INNER JOIN pg_catalog.pg_class AS cls ON idx.indexrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    UNION ALL
    SELECT 'constraint', 'pg_constraint'::regclass, con.oid, NULL, NULL,
        concat_ws(' ', pg_get_constraintdef(con.oid), con.convalidated)
    FROM pg_catalog.pg_constraint AS con
    INNER JOIN spaces AS spa ON con.connamespace = spa.oid
    UNION ALL
    SELECT 'routine', 'pg_proc'::regclass, pro.oid, pro.proowner, coalesce(pro.proacl, acldefault('f', pro.proowner)),
        -- generated functions note the number of a relation in a comment
        CASE WHEN pro.prokind = 'a' THEN 'aggregate'
            ELSE regexp_replace(pg_get_functiondef(pro.oid), '-- relation [0-9]+', '', 'g') END
    FROM pg_catalog.pg_proc AS pro
    INNER JOIN spaces AS spa ON pro.pronamespace = spa.oid
    UNION ALL
    SELECT 'trigger', 'pg_trigger'::regclass, trg.oid, NULL, NULL, concat_ws(' ', pg_get_triggerdef(trg.oid), trg.tgenabled)
    FROM pg_catalog.pg_trigger AS trg
    INNER JOIN pg_catalog.pg_class AS cls ON trg.tgrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    WHERE NOT trg.tgisinternal
    UNION ALL
    SELECT 'type', 'pg_type'::regclass, typ.oid, typ.typowner, coalesce(typ.typacl, acldefault('T', typ.typowner)),
        concat_ws(' ', typ.typtype, format_type(typ.typbasetype, typ.typtypmod), typ.typnotnull, typ.typdefault, (
            SELECT string_agg(enu.enumlabel, ',' ORDER BY enu.enumsortorder)
            FROM pg_catalog.pg_enum AS enu WHERE enu.enumtypid = typ.oid
        ))
    FROM pg_catalog.pg_type AS typ
    INNER JOIN spaces AS spa ON typ.typnamespace = spa.oid
    WHERE typ.typtype IN ('d', 'e', 'r') OR (typ.typtype = 'c' AND EXISTS (
        SELECT FROM pg_catalog.pg_class AS cls WHERE cls.oid = typ.typrelid AND cls.relkind = 'c'
    ))
    UNION ALL
    SELECT 'policy', 'pg_policy'::regclass, pol.oid, NULL, NULL,
        concat_ws(' ', pol.polcmd, pol.polpermissive, pol.polroles::regrole [],
            pg_get_expr(pol.polqual, pol.polrelid), pg_get_expr(pol.polwithcheck, pol.polrelid))
    FROM pg_catalog.pg_policy AS pol
    INNER JOIN pg_catalog.pg_class AS cls ON pol.polrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    UNION ALL
    SELECT 'extension', 'pg_extension'::regclass, ext.oid, ext.extowner, NULL, ext.extversion
    FROM pg_catalog.pg_extension AS ext
),

columns AS (
    SELECT
        'column' AS kind,
        format('%I.%I.%I', spa.nspname, cls.relname, att.attname) AS identity,
        concat_ws(' ',
            row_number() OVER (PARTITION BY cls.oid ORDER BY att.attnum),
            format_type(att.atttypid, att.atttypmod), att.attnotnull, att.attidentity, att.attgenerated,
            pg_get_expr(def.adbin, def.adrelid), col.collname, att.attoptions, att.attstorage, (
                SELECT string_agg(item::text, ',' ORDER BY item::text) FROM unnest(att.attacl) AS item
            ), col_description(cls.oid, att.attnum)) AS definition
    FROM pg_catalog.pg_attribute AS att
    INNER JOIN pg_catalog.pg_class AS cls ON att.attrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
    LEFT JOIN pg_catalog.pg_attrdef AS def ON att.attrelid = def.adrelid AND att.attnum = def.adnum
    LEFT JOIN pg_catalog.pg_collation AS col ON att.attcollation = col.oid
    WHERE att.attnum > 0 AND NOT att.attisdropped AND cls.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
),

sequences AS (
    SELECT
        'sequence' AS kind,
        (pg_identify_object('pg_class'::regclass, seq.seqrelid, 0)).identity AS identity,
        concat_ws(' ', format_type(seq.seqtypid, NULL), seq.seqstart, seq.seqincrement, seq.seqmin, seq.seqmax,
            seq.seqcache, seq.seqcycle) AS definition
    FROM pg_catalog.pg_sequence AS seq
    INNER JOIN pg_catalog.pg_class AS cls ON seq.seqrelid = cls.oid
    INNER JOIN spaces AS spa ON cls.relnamespace = spa.oid
)

SELECT
    thi.kind,
    (pg_identify_object(thi.classid, thi.oid, 0)).identity AS identity,
    concat_ws(' | ', thi.body, own.rolname, (
        SELECT string_agg(concat_ws('/', coalesce(rol.rolname, 'PUBLIC'), item.privilege_type, item.is_grantable), ','
            ORDER BY rol.rolname, item.privilege_type)
        FROM aclexplode(thi.acl) AS item
        LEFT JOIN pg_catalog.pg_roles AS rol ON item.grantee = rol.oid
    ), obj_description(thi.oid, thi.classid::regclass::name)) AS definition
FROM things AS thi
LEFT JOIN pg_catalog.pg_roles AS own ON thi.owner_id = own.oid
UNION ALL
SELECT col.kind, col.identity, col.definition FROM columns AS col
UNION ALL
SELECT seq.kind, seq.identity, seq.definition FROM sequences AS seq;
