-- refresh_internal.users_of()
-- Names the views built on a stored view, under either of its names.
-- requires: refresh_internal.as_of_name()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.users_of(p_view_name text)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(DISTINCT rul.ev_class::regclass::text, ', ')
    FROM pg_depend AS dep
    INNER JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
    WHERE dep.refclassid = 'pg_class'::regclass
        AND dep.refobjid IN (to_regclass(p_view_name), to_regclass(refresh_internal.as_of_name(p_view_name)))
        AND rul.ev_class <> dep.refobjid
        AND rul.ev_class IS DISTINCT FROM to_regclass(refresh_internal.as_of_name(p_view_name));
END;

COMMENT ON FUNCTION refresh_internal.users_of IS
'Views that must go before the stored view can; NULL when there are none. Its own second name does not count.';

REVOKE ALL ON FUNCTION refresh_internal.users_of FROM PUBLIC;
