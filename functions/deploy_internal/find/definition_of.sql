-- deploy_internal.definition_of()
-- Writes the statements that make a view, a materialized view with its indexes, or a routine again.
-- requires: nothing
-- source:   docs/beside.md, "How they come back"

CREATE OR REPLACE FUNCTION deploy_internal.definition_of(p_classid oid, p_objid oid)
RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp  -- every name is written with its schema
BEGIN ATOMIC
    SELECT ARRAY[pg_get_functiondef(pro.oid)]
    FROM pg_proc AS pro
    WHERE p_classid = 'pg_proc'::regclass AND pro.oid = p_objid
    UNION ALL
    SELECT
        format(
            'CREATE %s %I.%I (%s)%s%s%s AS %s%s',
            CASE rel.relkind WHEN 'v' THEN 'OR REPLACE VIEW' ELSE 'MATERIALIZED VIEW' END,
            nsp.nspname, rel.relname,
            (SELECT string_agg(quote_ident(att.attname), ', ' ORDER BY att.attnum)
             FROM pg_attribute AS att WHERE att.attrelid = rel.oid AND att.attnum > 0 AND NOT att.attisdropped),
            CASE WHEN rel.relkind = 'm' THEN format(' USING %I', meth.amname) END,
            CASE WHEN rel.reloptions IS NOT NULL THEN format(' WITH (%s)', array_to_string(rel.reloptions, ', ')) END,
            CASE WHEN spc.spcname IS NOT NULL THEN format(' TABLESPACE %I', spc.spcname) END,
            rtrim(pg_get_viewdef(rel.oid), '; '),
            CASE WHEN rel.relkind = 'm' AND NOT rel.relispopulated THEN ' WITH NO DATA' END
        )
        || ARRAY(
            SELECT pg_get_indexdef(ind.indexrelid) FROM pg_index AS ind WHERE ind.indrelid = rel.oid ORDER BY ind.indexrelid
        )
        || ARRAY(
            SELECT format('ALTER MATERIALIZED VIEW %I.%I CLUSTER ON %I', nsp.nspname, rel.relname, idx.relname)
            FROM pg_index AS ind
            INNER JOIN pg_class AS idx ON ind.indexrelid = idx.oid
            WHERE ind.indrelid = rel.oid AND ind.indisclustered
        )
        || ARRAY(
            SELECT format('COMMENT ON INDEX %I.%I IS %L', nsp.nspname, idx.relname, obj_description(idx.oid, 'pg_class'))
            FROM pg_index AS ind
            INNER JOIN pg_class AS idx ON ind.indexrelid = idx.oid
            WHERE ind.indrelid = rel.oid AND obj_description(idx.oid, 'pg_class') IS NOT NULL
        )
        || ARRAY(
            SELECT pg_get_statisticsobjdef(sta.oid) FROM pg_statistic_ext AS sta WHERE sta.stxrelid = rel.oid ORDER BY sta.oid
        )
        || ARRAY(
            SELECT format('ALTER MATERIALIZED VIEW %I.%I ALTER COLUMN %I SET STATISTICS %s', nsp.nspname, rel.relname, att.attname, att.attstattarget)
            FROM pg_attribute AS att
            WHERE att.attrelid = rel.oid AND att.attnum > 0 AND rel.relkind = 'm' AND att.attstattarget >= 0
        )
    FROM pg_class AS rel
    INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
    LEFT JOIN pg_am AS meth ON rel.relam = meth.oid
    LEFT JOIN pg_tablespace AS spc ON rel.reltablespace = spc.oid
    WHERE p_classid = 'pg_class'::regclass AND rel.oid = p_objid AND rel.relkind IN ('v', 'm');
END;

COMMENT ON FUNCTION deploy_internal.definition_of IS
'Statements in order, from the catalogue, without owner, rights and comments of the object itself; NULL for anything else.';

REVOKE ALL ON FUNCTION deploy_internal.definition_of FROM PUBLIC;
