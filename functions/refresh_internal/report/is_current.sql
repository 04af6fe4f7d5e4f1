-- refresh_internal.is_current()
-- Says whether the stored rows of a view answer for the day the session asks about.
-- requires: refresh.as_of_date(), refresh.time_zone(), refresh_internal.refuse_choice(), deploy_internal.caller_role()
-- source:   docs/refresh.md, "Asking for another day"

-- SECURITY DEFINER: views call it for readers who may not look into the registry; it tells them nothing else.
CREATE OR REPLACE FUNCTION refresh_internal.is_current(p_view text)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source text := coalesce(current_setting('tidemark.source', TRUE), '');
    v_is_current boolean := v_source = 'stored';
BEGIN
    IF v_source NOT IN ('', 'stored', 'live') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a source of rows', v_source),
            DETAIL = 'The setting tidemark.source takes stored, live, or nothing.',
            HINT = 'Leave it empty: stored rows are read where they are right for the day, live ones elsewhere.';
    END IF;
    -- rows are right when those of every stored view below are
    IF v_source = '' THEN
        v_is_current := NOT EXISTS (
            WITH RECURSIVE below AS (
                SELECT sv.view_id FROM refresh.stored_views AS sv WHERE sv.view_name = p_view
                UNION
                SELECT vs.source_view_id
                FROM below
                INNER JOIN refresh.view_sources AS vs ON below.view_id = vs.view_id
                WHERE vs.source_view_id IS NOT NULL
            )

            SELECT FROM below
            INNER JOIN refresh.stored_views AS sv ON below.view_id = sv.view_id
            INNER JOIN refresh.view_state AS vst ON below.view_id = vst.view_id
            WHERE sv.serving_name IS NULL
                OR (sv.clock_use <> 'none' AND vst.clock_zone IS DISTINCT FROM refresh.time_zone())
                OR (sv.clock_use IN ('day', 'instant')
                    AND (vst.clock_at AT TIME ZONE vst.clock_zone)::date IS DISTINCT FROM refresh.as_of_date())
        );
    END IF;
    -- the quick question first: it costs no statement for those who may choose
    IF NOT v_is_current AND NOT pg_has_role(deploy_internal.caller_role(), 'tidemark_bi_live', 'USAGE') THEN
        PERFORM refresh_internal.refuse_choice(p_view);
    END IF;
    RETURN v_is_current;
END;
$$;

COMMENT ON FUNCTION refresh_internal.is_current IS
'True when a stored view and all stored views below it were filled and last refreshed for refresh.as_of_date() in the same business time zone. The setting tidemark.source (stored or live) decides for a session that may choose, see refresh_internal.refuse_choice(). Changes of rows still in the queue do not count: they are covered by the target lag. Raises 22023 for another setting.';
