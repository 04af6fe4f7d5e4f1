-- deploy_internal.standing_on()
-- Finds what PostgreSQL would name if a view or routine were dropped now.
-- requires: refresh_internal.as_of_name()
-- source:   docs/beside.md, "What steps aside"

CREATE OR REPLACE FUNCTION deploy_internal.standing_on(p_classid oid, p_objid oid)
RETURNS TABLE (classid oid, objid oid, must_go boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE part (classid, objid) AS (
        SELECT p_classid, p_objid
        UNION
        -- its row type, and arrays of that
        SELECT dep.classid, dep.objid
        FROM part
        INNER JOIN pg_depend AS dep ON part.classid = dep.refclassid AND part.objid = dep.refobjid
        WHERE dep.classid = 'pg_type'::regclass AND dep.deptype = 'i'
    )

    SELECT
        above.classid,
        above.objid,
        -- one that names the type in its own signature, one that cannot be emptied, and the engine's own second name
        bool_or(part.classid = 'pg_type'::regclass OR rel.relkind = 'm' OR EXISTS (
            SELECT FROM refresh.stored_views AS sv WHERE to_regclass(refresh_internal.as_of_name(sv.view_name)) = rel.oid
        ))
    FROM part
    INNER JOIN pg_depend AS dep ON part.classid = dep.refclassid AND part.objid = dep.refobjid
    LEFT JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN rul.oid IS NULL THEN dep.classid ELSE 'pg_class'::regclass::oid END AS classid,
            coalesce(rul.ev_class, dep.objid) AS objid
    ) AS above
    LEFT JOIN pg_class AS rel ON above.classid = 'pg_class'::regclass AND rel.oid = above.objid
    WHERE dep.deptype IN ('n', 'a')
        AND (above.classid, above.objid) <> (p_classid, p_objid)
        AND (above.classid = 'pg_proc'::regclass OR rel.relkind IN ('v', 'm'))
    GROUP BY above.classid, above.objid;
END;

COMMENT ON FUNCTION deploy_internal.standing_on IS
'Views, materialized views and routines that depend on it directly. must_go: emptying it does not free what is below.';

REVOKE ALL ON FUNCTION deploy_internal.standing_on FROM PUBLIC;
