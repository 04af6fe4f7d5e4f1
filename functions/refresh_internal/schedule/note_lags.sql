-- refresh_internal.note_lags()
-- Brings the breach log up to date for all stored views.
-- requires: refresh.freshness, refresh_internal.note_lag(), refresh_internal.note_open_writers(), refresh_internal.avoidable_lag()
-- source:   docs/refresh.md, "Lag and breaches"

CREATE OR REPLACE FUNCTION refresh_internal.note_lags()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off
AS $$
DECLARE
    v_late integer;
BEGIN
    PERFORM refresh_internal.note_open_writers();
    WITH late AS MATERIALIZED (
        SELECT fre.view_name, fre.target_lag, fre.lag, fre.freshness_status, fre.is_within_target FROM refresh.freshness AS fre
    ),

    noted AS MATERIALIZED (
        SELECT refresh_internal.note_lag(
            late.view_name, late.target_lag, late.lag,
            CASE
                WHEN late.freshness_status = 'failing' THEN 'failing'
                WHEN NOT late.is_within_target AND coalesce(refresh_internal.avoidable_lag(vst) <= late.target_lag, FALSE)
                    THEN 'a writer committed late'
                ELSE 'not refreshed in time'
            END, FALSE)
        FROM late
        INNER JOIN refresh.stored_views AS sv USING (view_name)
        INNER JOIN refresh.view_state AS vst USING (view_id)
        -- most views keep their promise and have nothing to close
        WHERE NOT late.is_within_target
            OR EXISTS (SELECT FROM refresh.breaches AS bre WHERE bre.view_name = late.view_name AND bre.ended_at IS NULL)
    )

    SELECT count(*) FILTER (WHERE NOT late.is_within_target) INTO v_late
    FROM late
    CROSS JOIN (SELECT count(*) FROM noted) AS done;
    RETURN v_late;
END;
$$;

COMMENT ON FUNCTION refresh_internal.note_lags IS
'Number of stored views that are older than they promise, or still empty.';

REVOKE ALL ON FUNCTION refresh_internal.note_lags FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.note_lags TO tidemark_operator;
