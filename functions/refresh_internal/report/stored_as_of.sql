-- refresh_internal.stored_as_of()
-- Tells for which business day the rows of a stored view are right.
-- requires: refresh_internal.registered(), refresh_internal.pending_of(), refresh.as_of_date(), refresh.time_zone()
-- source:   docs/refresh.md, "Time"

-- SECURITY DEFINER so that an application may ask about views without reading the engine's tables.
CREATE OR REPLACE FUNCTION refresh_internal.stored_as_of(view text)
RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(stored_as_of.view);
    v_ran_on date;
    v_due_on date;
BEGIN
    SELECT (vst.clock_at AT TIME ZONE refresh.time_zone())::date INTO v_ran_on
    FROM refresh.view_state AS vst WHERE vst.view_id = v_view.view_id;
    IF v_view.serving_name IS NULL OR v_view.is_bypassed THEN
        RETURN CASE WHEN v_view.is_bypassed THEN refresh.as_of_date() END;
    END IF;
    IF v_view.clock_use IN ('none', 'zone') THEN
        RETURN refresh.as_of_date();
    END IF;
    IF v_view.due_column IS NULL OR v_view.clock_gap IS NOT NULL OR v_ran_on > refresh.as_of_date() THEN
        RETURN v_ran_on;
    END IF;
    -- no row has changed by time alone since the last run until the day before the first due one
    SELECT (pen.due_at AT TIME ZONE refresh.time_zone())::date INTO v_due_on FROM refresh_internal.pending_of(v_view.view_id) AS pen;
    RETURN greatest(v_ran_on, least(refresh.as_of_date(), v_due_on - 1));
END;
$$;

COMMENT ON FUNCTION refresh_internal.stored_as_of IS
'Latest day up to today for which no row waits for a transition that time alone brought; NULL before the first run. Changes of data are another matter, see refresh.freshness.';

REVOKE ALL ON FUNCTION refresh_internal.stored_as_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.stored_as_of TO tidemark_app, tidemark_operator, tidemark_bi;
