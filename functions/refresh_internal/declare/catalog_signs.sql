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
    WHERE col.oid = ANY(p_objects);
END;

COMMENT ON FUNCTION refresh_internal.catalog_signs IS
'Rules of views, functions, types, enum labels, columns of composite types, defaults and generated columns of tables, collations. An object may have several.';

REVOKE ALL ON FUNCTION refresh_internal.catalog_signs FROM PUBLIC;
