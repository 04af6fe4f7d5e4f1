-- events.since()
-- Gives the events of a room after one of them, in the order in which they were committed.
-- requires: events_internal.require_room()
-- source:   docs/events.md, "Reading"

CREATE OR REPLACE FUNCTION events.since(
    p_family text, p_room text, p_actor text DEFAULT NULL, p_after_id bigint DEFAULT 0, p_limit integer DEFAULT 500
)
RETURNS TABLE (
    event_id bigint, event_type text, actor jsonb, object_count integer, delta jsonb, batch text, created_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_position bigint := 0;
BEGIN
    PERFORM events_internal.require_room(p_family, p_room, p_actor);
    IF p_limit NOT BETWEEN 1 AND 10000 OR p_limit IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'that many events cannot be read at once',
            DETAIL = format('Asked for were %s.', coalesce(p_limit::text, 'NULL')),
            HINT = 'Ask for 1 to 10000, and go on after the last one.';
    END IF;
    IF p_after_id IS NULL THEN
        SELECT max(roc.position) - 1 INTO v_position
        FROM events_internal.room_changes AS roc WHERE roc.family = p_family AND roc.room = p_room;
    ELSIF p_after_id <> 0 THEN
        SELECT roc.position INTO v_position
        FROM events_internal.room_changes AS roc WHERE roc.event_id = p_after_id AND roc.family = p_family AND roc.room = p_room;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'no_data_found',
                MESSAGE = format('event %s of room "%s" is not kept', p_after_id, p_room),
                DETAIL = 'It was pruned, or is an event of another room; what came after it cannot be told in full.',
                HINT = 'Load anew what you show, and go on after the newest event: p_after_id => NULL gives it.';
        END IF;
    END IF;
    RETURN QUERY
        SELECT
            cha.event_id,
            cha.event_type,
            cha.actor,
            (SELECT count(*)::integer FROM jsonb_object_keys(cha.payload -> 'rooms' -> p_room)),
            cha.payload -> 'rooms' -> p_room,
            cha.batch,
            cha.created_at
        FROM events_internal.room_changes AS roc
        INNER JOIN events.change AS cha ON roc.event_id = cha.event_id
        WHERE roc.family = p_family AND roc.room = p_room AND roc.position > v_position
        ORDER BY roc.position
        LIMIT p_limit;
END;
$$;

COMMENT ON FUNCTION events.since IS
'One row per event; going on after the last one misses none. p_actor: the user of the family for whom is read, whom its rule must let in; NULL: the login is an operator. p_after_id 0: from the oldest kept; NULL: the newest alone. Raises 42501 for a closed room, P0002 when the event is not kept.';

REVOKE ALL ON FUNCTION events.since FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events.since TO tidemark_app, tidemark_operator;
