-- refresh_internal.catalog_stamp_of()
-- A cheap sign that one of these views or functions may have been replaced.
-- requires: nothing
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.catalog_stamp_of(p_objects oid[])
RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT md5(string_agg(part.sign, ' ' ORDER BY part.sign COLLATE "C"))
    FROM (
        SELECT concat(rul.oid, ':', rul.xmin) AS sign FROM pg_catalog.pg_rewrite AS rul
        WHERE rul.ev_class = ANY(p_objects)
        UNION ALL
        SELECT concat(fun.oid, ':', fun.xmin) FROM pg_catalog.pg_proc AS fun
        WHERE fun.oid = ANY(p_objects)
    ) AS part;
END;

COMMENT ON FUNCTION refresh_internal.catalog_stamp_of IS
'Changes whenever a catalogue row of these objects is rewritten, also for reasons that do not matter (a grant); the full fingerprint then decides.';

REVOKE ALL ON FUNCTION refresh_internal.catalog_stamp_of FROM PUBLIC;
