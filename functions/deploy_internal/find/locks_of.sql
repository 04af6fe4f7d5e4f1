-- deploy_internal.locks_of()
-- Writes the statements that lock everything a migration of some relations may touch.
-- requires: deploy_internal.dependents_of(), refresh_internal.lock_view()
-- source:   docs/beside.md, "On a busy database"

-- What stands above may have to leave later, when what it reads comes back in another shape. A reader that came in until then
-- would wait for the tables, and we for the reader. LOCK TABLE on a view would lock every table below it as well; giving
-- a view the owner it has locks it alone.
CREATE OR REPLACE FUNCTION deploy_internal.locks_of(p_classid oid, p_roots oid[])
RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT array_agg(loc.statement ORDER BY loc.step, loc.place, loc.statement)
    FROM (
        -- a run holds this lock before it touches the tables: the same order here
        SELECT 1 AS step, sv.view_id AS place,
            format('SELECT refresh_internal.lock_view(%s)', sv.view_id) AS statement
        FROM refresh.stored_views AS sv
        INNER JOIN deploy.stepped_aside AS asi ON asi.kind = 'view' AND sv.view_name = asi.identity
        WHERE asi.state = 'again'
        UNION ALL
        SELECT 2, -asi.depth, format('ALTER %s %s OWNER TO %I', upper(asi.kind COLLATE "C"), asi.identity, pg_get_userbyid(rel.relowner))
        FROM deploy_internal.dependents_of(p_classid, p_roots) AS dep
        INNER JOIN deploy.stepped_aside AS asi USING (kind, identity)
        INNER JOIN pg_class AS rel ON dep.classid = 'pg_class'::regclass AND dep.objid = rel.oid
        WHERE pg_has_role(rel.relowner, 'USAGE')
        UNION ALL
        SELECT 3, 0, CASE WHEN rel.relkind IN ('r', 'p')
            THEN format('LOCK TABLE ONLY %I.%I IN ACCESS EXCLUSIVE MODE', nsp.nspname, rel.relname)
            ELSE format('ALTER %s %I.%I OWNER TO %I', CASE rel.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END,
                nsp.nspname, rel.relname, pg_get_userbyid(rel.relowner)) END
        FROM pg_class AS rel
        INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
        WHERE p_classid = 'pg_class'::regclass AND rel.oid = ANY (p_roots) AND rel.relkind IN ('r', 'p', 'v', 'm')
    ) AS loc;
END;

COMMENT ON FUNCTION deploy_internal.locks_of IS
'In the order in which readers take theirs: runs of stored views, views from the top down, tables. For what deploy.stepped_aside knows.';

REVOKE ALL ON FUNCTION deploy_internal.locks_of FROM PUBLIC;
