-- refresh_internal.note_lag()
-- Keeps the breach log: when a stored view was older than it promises.
-- requires: nothing
-- source:   docs/refresh.md, "Lag and breaches"

CREATE OR REPLACE FUNCTION refresh_internal.note_lag(
    p_view_name text, p_target_lag interval, p_lag interval, p_reason text, p_is_over boolean
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_lag > greatest(p_target_lag, interval '1 second') THEN  -- nobody can keep a promise of 0 to the microsecond
        UPDATE refresh.breaches AS bre SET worst_lag = greatest(bre.worst_lag, p_lag)
        WHERE bre.view_name = p_view_name AND bre.ended_at IS NULL;
        IF NOT FOUND THEN
            INSERT INTO refresh.breaches (view_name, started_at, target_lag, worst_lag, reason)
            VALUES (p_view_name, clock_timestamp() - (p_lag - p_target_lag), p_target_lag, p_lag, p_reason)
            ON CONFLICT DO NOTHING;
        END IF;
    ELSIF NOT p_is_over THEN
        p_is_over := TRUE;
    END IF;
    IF p_is_over THEN
        UPDATE refresh.breaches AS bre SET ended_at = clock_timestamp()
        WHERE bre.view_name = p_view_name AND bre.ended_at IS NULL;
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.note_lag IS
'Opens a breach when the lag is above the target, keeps its worst value, closes it when the view is within its target again.';

REVOKE ALL ON FUNCTION refresh_internal.note_lag FROM PUBLIC;
