-- refresh_internal.members_of()
-- Names the stored views that one run of a stored view refreshes, in order.
-- requires: refresh.dependency
-- source:   docs/refresh.md, "Together"

CREATE OR REPLACE FUNCTION refresh_internal.members_of(p_view_id integer)
RETURNS text[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- most belong to no group
    IF NOT EXISTS (SELECT FROM refresh.grouped_views AS grp WHERE grp.view_id = p_view_id) THEN
        RETURN ARRAY(SELECT sv.view_name FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id);
    END IF;
    RETURN (
        WITH member AS (
            SELECT other.view_id
            FROM refresh.grouped_views AS own
            INNER JOIN refresh.grouped_views AS other USING (group_name)
            WHERE own.view_id = p_view_id
        ),

        every AS (
            SELECT member.view_id FROM member
            UNION
            -- a view below that lags behind would let a member show the moment before
            SELECT dep.source_view_id FROM member INNER JOIN refresh.dependency AS dep USING (view_id)
            UNION
            SELECT p_view_id
        )

        SELECT array_agg(sv.view_name ORDER BY coalesce(depth.level, 0), sv.view_name)
        FROM every
        INNER JOIN refresh.stored_views AS sv USING (view_id)
        LEFT JOIN LATERAL (
            SELECT max(dep.distance) AS level FROM refresh.dependency AS dep WHERE dep.view_id = every.view_id
        ) AS depth ON TRUE
        WHERE sv.target_lag > interval '0' OR sv.view_id = p_view_id
    );
END;
$$;

COMMENT ON FUNCTION refresh_internal.members_of IS
'The view itself, those that switch together with it, and all stored views these are built on, sources first. One without target lag is always up to date and left out.';

REVOKE ALL ON FUNCTION refresh_internal.members_of FROM PUBLIC;
