-- refresh_internal.objects_of()
-- Finds everything a live view is made of, through views, SQL functions and operators, down to tables and stored views.
-- requires: refresh_internal.as_of_name()
-- source:   docs/refresh.md, "What a view reads"

-- PL/pgSQL, which keeps the plan: one declaration asks several times.
-- The system catalogues and PL/pgSQL bodies are out of reach: PostgreSQL records no dependency inside them.
CREATE OR REPLACE FUNCTION refresh_internal.objects_of(p_view regclass)
RETURNS TABLE (object_kind text, object_id oid, object_name text, used_by oid)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE stored AS MATERIALIZED (
        SELECT sv.view_name, rel.oid AS relation_id
        FROM (
            SELECT sv.view_name, parse_ident(name.text) AS parts
            FROM refresh.stored_views AS sv
            CROSS JOIN LATERAL (VALUES (sv.view_name), (refresh_internal.as_of_name(sv.view_name))) AS name (text)
            OFFSET 0  -- names are taken apart once, not once per relation they are compared with
        ) AS sv
        INNER JOIN pg_namespace AS nsp ON nsp.nspname = sv.parts[1]
        INNER JOIN pg_class AS rel ON nsp.oid = rel.relnamespace AND rel.relname = sv.parts[2]
    ),

    reached AS (
        SELECT 'view' AS kind, p_view::oid AS id, NULL::oid AS used_by
        UNION
        SELECT
            CASE
                WHEN used.class_id = 'pg_proc'::regclass THEN 'function'
                WHEN stored.relation_id IS NOT NULL THEN 'stored'
                WHEN rel.relkind = 'v' THEN 'view'
                WHEN rel.relkind IN ('r', 'p') THEN 'table'
                ELSE 'other'
            END,
            used.object_id,
            reached.id
        FROM reached
        CROSS JOIN LATERAL (
            SELECT dep.refclassid AS class_id, dep.refobjid AS object_id
            FROM pg_rewrite AS rul
            INNER JOIN pg_depend AS dep ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
            WHERE reached.kind = 'view' AND rul.ev_class = reached.id
            UNION ALL
            SELECT dep.refclassid, dep.refobjid
            FROM pg_depend AS dep
            WHERE reached.kind = 'function' AND dep.classid = 'pg_proc'::regclass AND dep.objid = reached.id
        ) AS depends
        CROSS JOIN LATERAL (
            SELECT depends.class_id, depends.object_id
            WHERE depends.class_id IN ('pg_class'::regclass, 'pg_proc'::regclass)
            UNION ALL
            SELECT 'pg_proc'::regclass, opr.oprcode::oid
            FROM pg_operator AS opr
            WHERE depends.class_id = 'pg_operator'::regclass AND opr.oid = depends.object_id
        ) AS used
        LEFT JOIN pg_class AS rel ON used.class_id = 'pg_class'::regclass AND rel.oid = used.object_id
        LEFT JOIN stored ON rel.oid = stored.relation_id
        WHERE
            used.object_id <> reached.id
            AND used.object_id >= 16384  -- below lie the objects that come with the server
            AND (rel.oid IS NULL OR rel.relkind IN ('r', 'p', 'v', 'm', 'f'))
    )

    SELECT
        reached.kind,
        reached.id,
        CASE
            WHEN stored.view_name IS NOT NULL THEN stored.view_name
            WHEN rel.oid IS NOT NULL THEN format('%I.%I', rel_schema.nspname, rel.relname)
            ELSE format('%I.%I(%s)', fun_schema.nspname, fun.proname, pg_get_function_identity_arguments(fun.oid))
        END,
        reached.used_by
    FROM reached
    LEFT JOIN pg_class AS rel ON reached.kind <> 'function' AND rel.oid = reached.id
    LEFT JOIN stored ON rel.oid = stored.relation_id
    LEFT JOIN pg_namespace AS rel_schema ON rel.relnamespace = rel_schema.oid
    LEFT JOIN pg_proc AS fun ON reached.kind = 'function' AND fun.oid = reached.id
    LEFT JOIN pg_namespace AS fun_schema ON fun.pronamespace = fun_schema.oid;
END;
$$;

COMMENT ON FUNCTION refresh_internal.objects_of IS
'Objects reached from a view: view, function, table, stored (a stored view: the search stops there) or other (materialized views and foreign tables, whose changes cannot be captured). One row per object and user of it.';

REVOKE ALL ON FUNCTION refresh_internal.objects_of FROM PUBLIC;
