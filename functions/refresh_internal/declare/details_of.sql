-- refresh_internal.details_of()
-- Fingerprints what a live view rests on beside views and functions: types, enum labels, collations, generated columns, orders.
-- requires: refresh_internal.objects_of()
-- source:   docs/refresh.md, "When a definition changes"

-- Apart from the definition, because mappings derived from that stay right when an enum gets a label.
CREATE OR REPLACE FUNCTION refresh_internal.details_of(p_live regclass, OUT details_hash text, OUT object_ids oid[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off SET standard_conforming_strings = on SET timezone = 'UTC' SET datestyle = 'ISO, MDY'
SET intervalstyle = postgres SET extra_float_digits = 1 SET bytea_output = hex SET lc_monetary = 'C'
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
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
        UNION
        -- nothing records who relies on the default one
        SELECT col.oid FROM pg_collation AS col WHERE col.collprovider = 'd'
    ),

    -- what sorts and compares: the families of operators, of types, of ranges over them. Those that come with the server cannot change.
    family AS MATERIALIZED (
        SELECT fam.oid AS id, fam.opfmethod, fam.opfname, fam.opfnamespace
        FROM (
            SELECT dep.object_id AS id FROM dependency AS dep WHERE dep.class_id = 'pg_opfamily'::regclass
            UNION
            SELECT amo.amopfamily FROM dependency AS dep
            INNER JOIN pg_amop AS amo ON dep.class_id = 'pg_operator'::regclass AND amo.amopopr = dep.object_id
            UNION
            SELECT opc.opcfamily FROM type INNER JOIN pg_opclass AS opc ON opc.opcintype = type.id AND opc.opcdefault
            UNION
            SELECT opc.opcfamily FROM type
            INNER JOIN pg_range AS rng ON type.id IN (rng.rngtypid, rng.rngmultitypid)
            INNER JOIN pg_opclass AS opc ON opc.oid = rng.rngsubopc
        ) AS used
        INNER JOIN pg_opfamily AS fam ON fam.oid = used.id
        WHERE fam.oid >= 16384
            OR EXISTS (SELECT FROM pg_amop AS amo WHERE amo.amopfamily = fam.oid AND amo.oid >= 16384)
            OR EXISTS (SELECT FROM pg_amproc AS amp WHERE amp.amprocfamily = fam.oid AND amp.oid >= 16384)
    ),

    support AS (
        SELECT amp.amproc::oid AS id FROM family INNER JOIN pg_amproc AS amp ON amp.amprocfamily = family.id
        WHERE amp.amproc::oid >= 16384
        UNION
        SELECT part.id::oid FROM type
        INNER JOIN pg_range AS rng ON type.id IN (rng.rngtypid, rng.rngmultitypid)
        CROSS JOIN LATERAL (VALUES (rng.rngcanonical), (rng.rngsubdiff)) AS part (id)
        WHERE part.id::oid >= 16384
        UNION
        SELECT dep.refobjid FROM support
        INNER JOIN pg_depend AS dep ON dep.classid = 'pg_proc'::regclass AND dep.objid = support.id
            AND dep.refclassid = 'pg_proc'::regclass
    ),

    search AS (
        SELECT dep.class_id, dep.object_id AS id FROM dependency AS dep
        WHERE dep.class_id IN ('pg_ts_config'::regclass, 'pg_ts_dict'::regclass)
        UNION
        SELECT 'pg_ts_dict'::regclass::oid, map.mapdict
        FROM search
        INNER JOIN pg_ts_config_map AS map ON search.class_id = 'pg_ts_config'::regclass AND map.mapcfg = search.id
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
        WHERE col.collprovider <> 'd'
        UNION ALL
        SELECT concat_ws(' ', 'default collation', dat.datlocprovider, dat.datcollate, dat.datctype,
            coalesce(to_jsonb(dat) ->> 'datlocale', to_jsonb(dat) ->> 'daticulocale'), to_jsonb(dat) ->> 'daticurules', dat.datcollversion)
        FROM pg_database AS dat
        WHERE dat.datname = current_database()
        UNION ALL
        SELECT concat_ws(' ', 'operators', amt.amname, format('%I.%I', nsp.nspname, family.opfname), (
            SELECT string_agg(line.text, ',' ORDER BY line.text COLLATE "C")
            FROM (
                SELECT concat_ws(' ', amo.amopstrategy, amo.amoppurpose, amo.amopopr::regoperator) AS text
                FROM pg_amop AS amo
                WHERE amo.amopfamily = family.id AND amo.oid >= 16384
                UNION ALL
                SELECT concat_ws(' ', amp.amprocnum, format_type(amp.amproclefttype, NULL), format_type(amp.amprocrighttype, NULL), amp.amproc::regprocedure)
                FROM pg_amproc AS amp
                WHERE amp.amprocfamily = family.id AND amp.oid >= 16384
                UNION ALL
                SELECT concat_ws(' ', 'class', format_type(opc.opcintype, NULL), opc.opcdefault, format_type(opc.opckeytype, NULL))
                FROM pg_opclass AS opc
                WHERE opc.opcfamily = family.id AND opc.oid >= 16384
            ) AS line
        ))
        FROM family
        INNER JOIN pg_am AS amt ON amt.oid = family.opfmethod
        INNER JOIN pg_namespace AS nsp ON nsp.oid = family.opfnamespace
        UNION ALL
        SELECT concat_ws(' ', 'support', fun.oid::regprocedure, CASE WHEN fun.prokind = 'f' THEN pg_get_functiondef(fun.oid) END)
        FROM support
        INNER JOIN pg_proc AS fun ON fun.oid = support.id
        UNION ALL
        SELECT concat_ws(' ', 'search', search.id::regconfig, map.maptokentype, map.mapseqno, map.mapdict::regdictionary)
        FROM search
        INNER JOIN pg_ts_config_map AS map ON search.class_id = 'pg_ts_config'::regclass AND map.mapcfg = search.id
        UNION ALL
        SELECT concat_ws(' ', 'dictionary', dic.oid::regdictionary, tpl.tmplname, dic.dictinitoption)
        FROM search
        INNER JOIN pg_ts_dict AS dic ON search.class_id = 'pg_ts_dict'::regclass AND dic.oid = search.id
        INNER JOIN pg_ts_template AS tpl ON tpl.oid = dic.dicttemplate
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
            UNION
            SELECT family.id FROM family
            UNION
            SELECT support.id FROM support
            UNION
            SELECT search.id FROM search
        )
    INTO details_hash, object_ids;
END;
$$;

COMMENT ON FUNCTION refresh_internal.details_of IS
'details_hash changes when one of them does; object_ids: what catalog_stamp_of() must watch for that.';

REVOKE ALL ON FUNCTION refresh_internal.details_of FROM PUBLIC;
