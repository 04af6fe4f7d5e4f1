-- events_internal.prune()
-- The chore of a tick: removes old events.
-- requires: nothing
-- source:   docs/events.md, "How long"

CREATE OR REPLACE FUNCTION events_internal.prune()
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_days text := coalesce(nullif(current_setting('tidemark.event_days', TRUE), ''), '7');
    v_count bigint;
BEGIN
    IF v_days !~ '^\d{1,5}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a number of days', v_days),
            DETAIL = 'The setting tidemark.event_days says how long events are kept.',
            HINT = 'Set it to a whole number of days, such as 7.';
    END IF;
    -- The newest of each room stays: whoever has seen it can go on after it, however long the room was quiet.
    WITH old AS (
        SELECT cha.event_id FROM events.change AS cha
        WHERE cha.created_at < clock_timestamp() - v_days::integer * interval '1 day'
            AND NOT EXISTS (
                SELECT FROM events_internal.room_changes AS roc
                WHERE roc.event_id = cha.event_id AND NOT EXISTS (
                    SELECT FROM events_internal.room_changes AS nex
                    WHERE nex.family = roc.family AND nex.room = roc.room AND nex.position > roc.position
                )
            )
        ORDER BY cha.created_at
        LIMIT 20000  -- the rest is for the next tick
    )

    DELETE FROM events.change AS cha USING old WHERE cha.event_id = old.event_id;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION events_internal.prune IS
'Number of events removed: those older than tidemark.event_days (default 7), but never the newest of a room.';

REVOKE ALL ON FUNCTION events_internal.prune FROM PUBLIC;
