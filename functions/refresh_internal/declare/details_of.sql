-- refresh_internal.details_of()
-- Fingerprints what a live view rests on beside views and functions: types, enum labels, collations, generated columns.
-- requires: refresh_internal.objects_of()
-- source:   docs/refresh.md, "When a definition changes"

-- Apart from the definition, because mappings derived from that stay right when an enum gets a label.
CREATE OR REPLACE FUNCTION refresh_internal.details_of(p_live regclass, OUT details_hash text, OUT object_ids oid[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off SET standard_conforming_strings = on SET timezone = 'UTC' SET datestyle = 'ISO, MDY'
SET intervalstyle = postgres SET extra_float_digits = 1 SET bytea_output = hex SET lc_monetary = 'C'
BEGIN ATOMIC
    WITH RECURSIVE reached AS MATERIALIZED (
        SELECT DISTINCT obj.object_kind AS kind, obj.object_id AS id FROM refresh_internal.objects_of(p_live) AS obj
    ),

    dependency AS MATERIALIZED (
        SELECT dep.refclassid AS class_id, dep.refobjid AS object_id, dep.refobjsubid AS column_number
        FROM reached
        INNER JOIN pg_rewrite AS rul ON reached.kind = 'view' AND rul.ev_class = reached.id
        INNER JOIN pg_depend AS dep ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
        UNION
        SELECT dep.refclassid, dep.refobjid, dep.refobjsubid
        FROM reached
        INNER JOIN pg_depend AS dep ON reached.kind = 'function' AND dep.classid = 'pg_proc'::regclass AND dep.objid = reached.id
    ),

    read AS MATERIALIZED (
        SELECT att.attrelid, att.attnum, att.attname, att.atttypid, att.attcollation, att.attgenerated
        FROM dependency AS dep
        INNER JOIN reached ON reached.kind IN ('table', 'stored', 'other') AND reached.id = dep.object_id
        INNER JOIN pg_attribute AS att ON att.attrelid = dep.object_id AND att.attnum > 0 AND NOT att.attisdropped
            AND dep.column_number IN (0, att.attnum)
        WHERE dep.class_id = 'pg_class'::regclass
    ),

    type AS (
        SELECT dep.object_id AS id FROM dependency AS dep WHERE dep.class_id = 'pg_type'::regclass
        UNION
        SELECT read.atttypid FROM read
        UNION
        SELECT part.id
        FROM type
        INNER JOIN pg_type AS typ ON typ.oid = type.id
        CROSS JOIN LATERAL (
            SELECT typ.typelem AS id
            UNION ALL
            SELECT typ.typbasetype
            UNION ALL
            SELECT rng.rngsubtype FROM pg_range AS rng WHERE typ.oid IN (rng.rngtypid, rng.rngmultitypid)
            UNION ALL
            SELECT att.atttypid FROM pg_attribute AS att
            WHERE typ.typtype = 'c' AND att.attrelid = typ.typrelid AND att.attnum > 0 AND NOT att.attisdropped
        ) AS part
        WHERE part.id <> 0
    ),

    sorting AS (
        SELECT dep.object_id AS id FROM dependency AS dep WHERE dep.class_id = 'pg_collation'::regclass
        UNION
        SELECT read.attcollation FROM read WHERE read.attcollation <> 0
    ),

    detail AS (
        SELECT concat_ws(' ', 'type', format_type(typ.oid, NULL), typ.typtype, format_type(typ.typbasetype, typ.typtypmod), (
            SELECT string_agg(quote_literal(enm.enumlabel), ',' ORDER BY enm.enumsortorder) FROM pg_enum AS enm WHERE enm.enumtypid = typ.oid
        ), (
            SELECT string_agg(format('%I %s', att.attname, format_type(att.atttypid, att.atttypmod)), ',' ORDER BY att.attnum)
            FROM pg_attribute AS att
            WHERE typ.typtype = 'c' AND att.attrelid = typ.typrelid AND att.attnum > 0 AND NOT att.attisdropped
        )) AS line
        FROM type
        INNER JOIN pg_type AS typ ON typ.oid = type.id
        -- those that come with the server are what they are; the row type of a table is what is read of it
        WHERE typ.oid >= 16384 AND (typ.typtype <> 'c' OR EXISTS (
            SELECT FROM pg_class AS rel WHERE rel.oid = typ.typrelid AND rel.relkind = 'c'))
        UNION ALL
        SELECT concat_ws(' ', 'collation', col.oid::regcollation, col.collprovider, col.collversion)
        FROM sorting
        INNER JOIN pg_collation AS col ON col.oid = sorting.id
        UNION ALL
        SELECT concat_ws(' ', 'generated', read.attrelid::regclass, quote_ident(read.attname), read.attgenerated, pg_get_expr(def.adbin, def.adrelid))
        FROM read
        INNER JOIN pg_attrdef AS def ON read.attgenerated <> '' AND def.adrelid = read.attrelid AND def.adnum = read.attnum
    )

    SELECT
        (SELECT md5(coalesce(string_agg(detail.line, E'\n' ORDER BY detail.line COLLATE "C"), '')) FROM detail),
        ARRAY(
            SELECT type.id FROM type WHERE type.id >= 16384
            UNION
            SELECT sorting.id FROM sorting
            UNION
            SELECT read.attrelid FROM read WHERE read.attgenerated <> ''
        );
END;

COMMENT ON FUNCTION refresh_internal.details_of IS
'details_hash changes when one of them does; object_ids: what catalog_stamp_of() must watch for that.';

REVOKE ALL ON FUNCTION refresh_internal.details_of FROM PUBLIC;
