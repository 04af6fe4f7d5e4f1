-- deploy_internal.adoption_of()
-- Tells what adopting a materialized view means, and with which declaration it can be done.
-- requires: deploy_internal.dependents_of()
-- source:   docs/adopt.md, "The two files"

CREATE OR REPLACE FUNCTION deploy_internal.adoption_of(
    p_view text,
    OUT query text,
    OUT comment text,
    OUT column_names text[],
    OUT size_bytes bigint,
    OUT unique_keys text[],
    OUT also_by text[],
    OUT not_kept text[],
    OUT uses text[],
    OUT makes_way text[]
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH old AS (
        SELECT rel.oid FROM pg_class AS rel WHERE rel.oid = to_regclass(p_view) AND rel.relkind = 'm'
    ),

    ways AS (
        SELECT
            idx.relname,
            ind.indisunique,
            pg_get_indexdef(ind.indexrelid) AS definition,
            -- plain columns in plain order, all rows
            ind.indpred IS NULL AND ind.indexprs IS NULL AND meth.amname = 'btree' AND ind.indnatts = ind.indnkeyatts
            AND NOT EXISTS (SELECT FROM unnest(ind.indoption) AS opt (bits) WHERE opt.bits <> 0) AS is_plain,
            (
                SELECT string_agg(quote_ident(att.attname), ', ' ORDER BY part.position)
                FROM unnest(ind.indkey::int2[]) WITH ORDINALITY AS part (number, position)
                INNER JOIN pg_attribute AS att ON att.attrelid = ind.indrelid AND att.attnum = part.number
            ) AS list
        FROM old
        INNER JOIN pg_index AS ind ON old.oid = ind.indrelid
        INNER JOIN pg_class AS idx ON ind.indexrelid = idx.oid
        INNER JOIN pg_am AS meth ON idx.relam = meth.oid
    )

    SELECT
        rtrim(pg_get_viewdef(old.oid), '; '),
        obj_description(old.oid, 'pg_class'),
        ARRAY(
            SELECT att.attname::text FROM pg_attribute AS att
            WHERE att.attrelid = old.oid AND att.attnum > 0 AND NOT att.attisdropped ORDER BY att.attnum
        ),
        pg_relation_size(old.oid),
        ARRAY(SELECT ways.list FROM ways WHERE ways.indisunique AND ways.is_plain ORDER BY ways.relname),
        ARRAY(SELECT ways.list FROM ways WHERE NOT ways.indisunique AND ways.is_plain ORDER BY ways.relname),
        ARRAY(SELECT ways.definition FROM ways WHERE NOT ways.is_plain ORDER BY ways.relname),
        ARRAY(
            SELECT DISTINCT CASE WHEN obj.type IN ('function', 'procedure') THEN regexp_replace(obj.identity, '\(.*', '()') ELSE obj.identity END
            FROM pg_rewrite AS rul
            INNER JOIN pg_depend AS dep ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
            CROSS JOIN LATERAL pg_identify_object(dep.refclassid, dep.refobjid, 0) AS obj
            WHERE rul.ev_class = old.oid AND dep.refobjid <> old.oid AND dep.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass)
        ),
        ARRAY(
            SELECT concat_ws(' ', dep.kind, dep.identity) FROM deploy_internal.dependents_of('pg_class'::regclass, ARRAY[old.oid]) AS dep
            WHERE dep.is_direct ORDER BY dep.kind, dep.identity
        )
    FROM old;
END;

COMMENT ON FUNCTION deploy_internal.adoption_of IS
'NULLs when the name is no materialized view. unique_keys, also_by: columns of its plain indexes; not_kept: indexes that a stored view cannot declare; uses: what its query reads; makes_way: what stands on it.';

REVOKE ALL ON FUNCTION deploy_internal.adoption_of FROM PUBLIC;
