-- refresh_internal.run_all()
-- Refreshes every stored view that needs it in this one transaction, sources first; the first failure ends it.
-- requires: refresh.next_view(), refresh.run()
-- requires: refresh_internal.notice_all()
-- source:   docs/refresh.md, "Scheduling"

CREATE OR REPLACE FUNCTION refresh_internal.run_all(
    p_full boolean DEFAULT FALSE,
    OUT view_name text,
    OUT mode text,
    OUT reason text,
    OUT change_count bigint,
    OUT key_count bigint,
    OUT inserted_count bigint,
    OUT updated_count bigint,
    OUT deleted_count bigint,
    OUT duration_ms double precision
)
RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_done text[] := ARRAY[]::text[];
    v_next text;
BEGIN
    PERFORM refresh_internal.notice_all();
    LOOP
        v_next := CASE
            WHEN p_full THEN (
                SELECT sv.view_name
                FROM refresh.stored_views AS sv
                LEFT JOIN refresh.dependency AS dep USING (view_id)
                WHERE sv.view_name <> ALL (v_done)
                GROUP BY sv.view_name
                ORDER BY coalesce(max(dep.distance), 0), sv.view_name
                LIMIT 1)
            ELSE refresh.next_view(v_done)
        END;
        EXIT WHEN v_next IS NULL;
        v_done := v_done || v_next;
        RETURN QUERY SELECT run.* FROM refresh.run(v_next, p_full) AS run;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh_internal.run_all IS
'One row per stored view run. For tests and for loading in one transaction; a scheduler calls refresh.tick(), which commits after each view.';

REVOKE ALL ON FUNCTION refresh_internal.run_all FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.run_all TO tidemark_operator;
