-- refresh_internal.take_clock_gap()
-- Takes over what the runner found about the rows that the clock decides.
-- requires: refresh_internal.registered()
-- source:   docs/refresh.md, "Rows that appear by time"

CREATE OR REPLACE FUNCTION refresh_internal.take_clock_gap(p_view text, p_gap text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(p_view);
BEGIN
    UPDATE refresh.stored_views AS sv SET clock_gap = p_gap
    WHERE sv.view_id = v_view.view_id AND sv.clock_gap IS DISTINCT FROM p_gap
        AND sv.due_column IS NOT NULL AND sv.appears IS NULL AND sv.clock_use IN ('day', 'instant');
END;
$$;

COMMENT ON FUNCTION refresh_internal.take_clock_gap IS
'p_gap: the construct by which the clock may bring rows, NULL: proved that it brings none. A query given by refresh.store(appears => ...) wins.';

REVOKE ALL ON FUNCTION refresh_internal.take_clock_gap FROM PUBLIC;
