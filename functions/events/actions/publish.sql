-- events.publish()
-- Tells rooms what changed, once the transaction is committed.
-- requires: nothing
-- source:   docs/events.md, "Telling"

CREATE OR REPLACE FUNCTION events.publish(p_family text, p_event_type text, p_actor jsonb, p_rooms jsonb, p_batch text DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rooms text[];
    v_wrong text;
    v_event_id bigint;
BEGIN
    IF coalesce(p_rooms, '{}') = '{}' THEN
        RETURN NULL;
    END IF;
    IF jsonb_typeof(p_rooms) <> 'object' OR p_event_type IS NULL OR p_family IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('the event %s of %s cannot be told', p_event_type, p_family),
            DETAIL = format('Rooms are a JSON object, these are a JSON %s.', jsonb_typeof(p_rooms)),
            HINT = 'Give family, type and rooms: {"room": {"key of an object": {"changed column": "new value"}}}.';
    END IF;
    SELECT
        array_agg(roo.room ORDER BY roo.room),
        min(roo.room) FILTER (WHERE jsonb_typeof(roo.delta) <> 'object' OR roo.room = '' OR octet_length(p_family || '_' || lower(roo.room COLLATE "C")) > 63)
    INTO v_rooms, v_wrong
    FROM jsonb_each(p_rooms) AS roo (room, delta);
    IF v_wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('room "%s" of %s cannot be told anything', v_wrong, p_family),
            DETAIL = 'What a room is told is a JSON object; family and room together have at most 62 bytes.',
            HINT = 'Give {"room": {"key of an object": {"changed column": "new value"}}}, and rooms short names.';
    END IF;
    INSERT INTO events.change AS cha (family, event_type, actor, rooms, payload, batch)
    VALUES (
        p_family, p_event_type, p_actor, v_rooms,
        jsonb_build_object('v', 1, 'type', p_event_type, 'actor', p_actor, 'rooms', p_rooms), p_batch
    )
    RETURNING cha.event_id INTO v_event_id;
    RETURN v_event_id;
END;
$$;

COMMENT ON FUNCTION events.publish IS
'Name of the event; NULL, and nothing is told, without rooms. p_rooms: room, then key of an object, then changed columns with new values, null for an object that is gone. At commit each room gets one message on the channel family_room, in lower case; when the transaction is taken back, none.';

REVOKE ALL ON FUNCTION events.publish FROM PUBLIC;
