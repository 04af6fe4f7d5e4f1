-- clinical.stored_since()
-- The day for which the rows of a stored view were last brought up to date.
-- requires: refresh.time_zone()
-- source:   docs/clinical.md, "Stored and computed"

CREATE OR REPLACE FUNCTION clinical.stored_since(p_view text)
RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT (vst.clock_at AT TIME ZONE vst.clock_zone)::date
    FROM refresh.stored_views AS sv
    INNER JOIN refresh.view_state AS vst ON sv.view_id = vst.view_id
    WHERE sv.view_name = p_view AND sv.serving_name IS NOT NULL AND NOT sv.is_bypassed
        AND vst.clock_zone = refresh.time_zone();
END;

COMMENT ON FUNCTION clinical.stored_since IS
'A row that is valid until later than a day answers for that day, unless the day is before this one. NULL: the stored rows answer for no day.';

REVOKE ALL ON FUNCTION clinical.stored_since FROM PUBLIC;
