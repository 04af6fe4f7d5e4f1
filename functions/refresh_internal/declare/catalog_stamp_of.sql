-- refresh_internal.catalog_stamp_of()
-- A cheap sign that one of these views, functions, types, collations or tables may mean something else now.
-- requires: refresh_internal.catalog_signs()
-- source:   docs/refresh.md, "When a definition changes"

-- PL/pgSQL, which keeps the plan: every run asks.
CREATE OR REPLACE FUNCTION refresh_internal.catalog_stamp_of(p_objects oid[])
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN (
        SELECT md5(string_agg(object.sign, ' ' ORDER BY object.sign COLLATE "C"))
        FROM (
            SELECT string_agg(part.sign, ' ' ORDER BY part.sign COLLATE "C") AS sign
            FROM refresh_internal.catalog_signs(p_objects) AS part
            GROUP BY part.object_id
        ) AS object
    );
END;
$$;

COMMENT ON FUNCTION refresh_internal.catalog_stamp_of IS
'Changes whenever a catalogue row of these objects is rewritten, also for reasons that do not matter (a grant); the full fingerprint then decides.';

REVOKE ALL ON FUNCTION refresh_internal.catalog_stamp_of FROM PUBLIC;
