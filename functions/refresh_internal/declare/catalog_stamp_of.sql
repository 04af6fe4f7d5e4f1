-- refresh_internal.catalog_stamp_of()
-- A cheap sign that one of these views, functions, types, collations or tables may mean something else now.
-- requires: refresh_internal.catalog_signs()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.catalog_stamp_of(p_objects oid[])
RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT md5(string_agg(DISTINCT part.sign COLLATE "C", ' ' ORDER BY part.sign COLLATE "C"))
    FROM refresh_internal.catalog_signs(p_objects) AS part;
END;

COMMENT ON FUNCTION refresh_internal.catalog_stamp_of IS
'Changes whenever a catalogue row of these objects is rewritten, also for reasons that do not matter (a grant); the full fingerprint then decides.';

REVOKE ALL ON FUNCTION refresh_internal.catalog_stamp_of FROM PUBLIC;
