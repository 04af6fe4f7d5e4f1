-- events.read()
-- Gives one event as one of its rooms may see it.
-- requires: events_internal.require_room()
-- source:   docs/events.md, "Reading"

CREATE OR REPLACE FUNCTION events.read(p_family text, p_event_id bigint, p_room text, p_actor text DEFAULT NULL)
RETURNS TABLE (
    event_id bigint, event_type text, actor jsonb, object_count integer, delta jsonb, batch text, created_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM events_internal.require_room(p_family, p_room, p_actor);
    RETURN QUERY
        SELECT
            cha.event_id,
            cha.event_type,
            cha.actor,
            (SELECT count(*)::integer FROM jsonb_object_keys(cha.payload -> 'rooms' -> p_room)),
            cha.payload -> 'rooms' -> p_room,
            cha.batch,
            cha.created_at
        FROM events.change AS cha
        WHERE cha.event_id = p_event_id AND cha.family = p_family AND p_room = ANY(cha.rooms);
END;
$$;

COMMENT ON FUNCTION events.read IS
'No row for an event that is not kept or that the room was not told. p_actor as in events.since(). Raises 42501 for a closed room.';

REVOKE ALL ON FUNCTION events.read FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events.read TO tidemark_app, tidemark_operator;
