-- deploy_internal.dependents_of()
-- Finds the views and functions that stand on relations, and what each of them needs.
-- requires: nothing
-- source:   docs/beside.md, "What steps aside"

-- Types, constraints and rules are passed through: a view that groups by a primary key depends on the constraint, and a
-- function that returns rows of a view on its type. The catalogue does not tie a stored view to its live twin; the registry does.
CREATE OR REPLACE FUNCTION deploy_internal.dependents_of(p_classid oid, p_roots oid[])
RETURNS TABLE (classid oid, objid oid, kind text, identity text, needs text[], is_direct boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE walk (classid, objid, from_classid, from_objid) AS (
        SELECT root.classid, root.id, root.classid AS from_classid, root.id AS from_objid
        FROM (SELECT p_classid AS classid, unnest(p_roots) AS id) AS root
        UNION
        SELECT
            nxt.classid,
            nxt.objid,
            CASE WHEN here.is_kept THEN walk.classid ELSE walk.from_classid END,
            CASE WHEN here.is_kept THEN walk.objid ELSE walk.from_objid END
        FROM walk
        CROSS JOIN LATERAL (
            SELECT walk.classid = 'pg_proc'::regclass
                OR EXISTS (
                    SELECT FROM pg_class AS rel
                    WHERE walk.classid = 'pg_class'::regclass AND rel.oid = walk.objid
                        AND (rel.relkind IN ('v', 'm') OR (p_classid = 'pg_class'::regclass AND rel.oid = ANY (p_roots)))
                ) AS is_kept
        ) AS here
        CROSS JOIN LATERAL (
            SELECT
                CASE WHEN rul.oid IS NULL THEN dep.classid ELSE 'pg_class'::regclass::oid END AS classid,
                coalesce(rul.ev_class, dep.objid) AS objid
            FROM pg_depend AS dep
            LEFT JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
            WHERE dep.refclassid = walk.classid AND dep.refobjid = walk.objid AND dep.deptype IN ('n', 'a', 'i')
                AND (here.is_kept OR walk.classid IN ('pg_type'::regclass, 'pg_constraint'::regclass))
            UNION ALL
            SELECT 'pg_class'::regclass, to_regclass(sv.view_name)::oid
            FROM refresh.stored_views AS sv
            WHERE walk.classid = 'pg_class'::regclass AND to_regclass(sv.live_name) = walk.objid
                AND to_regclass(sv.view_name) IS NOT NULL
        ) AS nxt
        WHERE (nxt.classid, nxt.objid) <> (walk.classid, walk.objid)
            AND nxt.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_constraint'::regclass)
    )

    SELECT
        walk.classid,
        walk.objid,
        obj.type,
        obj.identity,
        array_agg(DISTINCT concat_ws(' ', low.type, low.identity)),
        EXISTS (
            SELECT FROM pg_depend AS dep
            LEFT JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
            LEFT JOIN pg_constraint AS con ON dep.refclassid = 'pg_constraint'::regclass AND dep.refobjid = con.oid
            WHERE coalesce(rul.ev_class, dep.objid) = walk.objid
                AND (rul.oid IS NOT NULL OR dep.classid = walk.classid)
                AND (con.conrelid = ANY (p_roots) OR (dep.refclassid = p_classid AND dep.refobjid = ANY (p_roots)))
        )
    FROM walk
    CROSS JOIN LATERAL pg_identify_object(walk.classid, walk.objid, 0) AS obj
    CROSS JOIN LATERAL pg_identify_object(walk.from_classid, walk.from_objid, 0) AS low
    WHERE (walk.classid <> p_classid OR walk.objid <> ALL (p_roots))
        AND (
            walk.classid = 'pg_proc'::regclass
            OR EXISTS (SELECT FROM pg_class AS rel WHERE walk.classid = 'pg_class'::regclass AND rel.oid = walk.objid AND rel.relkind IN ('v', 'm'))
        )
    GROUP BY walk.classid, walk.objid, obj.type, obj.identity;
END;

COMMENT ON FUNCTION deploy_internal.dependents_of IS
'One row for each view, materialized view or routine above the roots (all of one catalogue), through stored views as well. needs: kind and identity of what it stands on among them. is_direct: its own text names a root.';

REVOKE ALL ON FUNCTION deploy_internal.dependents_of FROM PUBLIC;
