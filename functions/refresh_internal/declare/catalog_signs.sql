-- refresh_internal.catalog_signs()
-- Catalogue rows that say what an object means, each as a short sign that changes when the row is rewritten.
-- requires: nothing
-- source:   docs/refresh.md, "When a definition changes"

-- Without SET, so that the planner takes it to pieces and looks only at the objects asked for.
CREATE OR REPLACE FUNCTION refresh_internal.catalog_signs(p_objects oid[])
RETURNS TABLE (object_id oid, sign text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT rul.ev_class, concat(rul.oid, ':', rul.xmin) FROM pg_catalog.pg_rewrite AS rul
    WHERE rul.ev_class = ANY(p_objects)
    UNION ALL
    SELECT fun.oid, concat(fun.oid, ':', fun.xmin) FROM pg_catalog.pg_proc AS fun
    WHERE fun.oid = ANY(p_objects)
    UNION ALL
    SELECT typ.oid, concat(typ.oid, ':', typ.xmin) FROM pg_catalog.pg_type AS typ
    WHERE typ.oid = ANY(p_objects)
    UNION ALL
    SELECT enm.enumtypid, concat(enm.oid, ':', enm.xmin) FROM pg_catalog.pg_enum AS enm
    WHERE enm.enumtypid = ANY(p_objects)
    UNION ALL
    SELECT typ.oid, concat(att.attrelid, '.', att.attnum, ':', att.xmin)
    FROM pg_catalog.pg_type AS typ
    INNER JOIN pg_catalog.pg_attribute AS att ON typ.typrelid = att.attrelid
    WHERE typ.typtype = 'c' AND typ.oid = ANY(p_objects)
    UNION ALL
    SELECT def.adrelid, concat(def.oid, ':', def.xmin) FROM pg_catalog.pg_attrdef AS def
    WHERE def.adrelid = ANY(p_objects)
    UNION ALL
    SELECT col.oid, concat(col.oid, ':', col.xmin) FROM pg_catalog.pg_collation AS col
    WHERE col.oid = ANY(p_objects)
    UNION ALL
    -- what the default collation means stands beside the database
    SELECT col.oid, concat('default:', dat.datcollate, ' ', dat.datctype, ' ', dat.datcollversion)
    FROM pg_catalog.pg_collation AS col
    INNER JOIN pg_catalog.pg_database AS dat ON dat.datname = pg_catalog.current_database()
    WHERE col.collprovider = 'd' AND col.oid = ANY(p_objects)
    UNION ALL
    SELECT amo.amopfamily, concat(amo.oid, ':', amo.xmin) FROM pg_catalog.pg_amop AS amo
    WHERE amo.amopfamily = ANY(p_objects)
    UNION ALL
    SELECT amp.amprocfamily, concat(amp.oid, ':', amp.xmin) FROM pg_catalog.pg_amproc AS amp
    WHERE amp.amprocfamily = ANY(p_objects)
    UNION ALL
    SELECT own.object_id, concat(opc.oid, ':', opc.xmin)
    FROM pg_catalog.pg_opclass AS opc
    CROSS JOIN LATERAL (VALUES (opc.opcfamily), (opc.opcintype)) AS own (object_id)
    WHERE opc.oid >= 16384 AND own.object_id = ANY(p_objects)
    UNION ALL
    SELECT map.mapcfg, concat(map.mapcfg, '.', map.maptokentype, '.', map.mapseqno, ':', map.xmin)
    FROM pg_catalog.pg_ts_config_map AS map
    WHERE map.mapcfg = ANY(p_objects)
    UNION ALL
    SELECT dic.oid, concat(dic.oid, ':', dic.xmin) FROM pg_catalog.pg_ts_dict AS dic
    WHERE dic.oid = ANY(p_objects);
END;

COMMENT ON FUNCTION refresh_internal.catalog_signs IS
'Rules of views, functions, types, enum labels, columns of composite types, defaults and generated columns of tables, collations, members of operator families, operator classes, text search. An object may have several.';

REVOKE ALL ON FUNCTION refresh_internal.catalog_signs FROM PUBLIC;
