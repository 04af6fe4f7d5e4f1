-- events_internal.message_of()
-- Writes the message of NOTIFY for one room and transaction.
-- requires: nothing
-- source:   docs/events.md, "Messages"

CREATE OR REPLACE FUNCTION events_internal.message_of(p_room text, p_events jsonb[], p_sends_deltas boolean)
RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_last jsonb := p_events[cardinality(p_events)];
    v_short jsonb;
    v_message text;
    v_limit integer := 500;
BEGIN
    v_short := jsonb_build_object('event_id', v_last -> 'event_id', 'room', p_room);
    IF cardinality(p_events) = 1 THEN
        v_short := v_short || jsonb_build_object('type', v_last -> 'type', 'n', v_last -> 'n');
        v_message := v_short || jsonb_build_object('delta', v_last -> 'delta');
    ELSE
        v_short := v_short || jsonb_build_object(
            'type', CASE WHEN (SELECT count(DISTINCT eve.event -> 'type') FROM unnest(p_events) AS eve (event)) = 1
                THEN v_last -> 'type' ELSE to_jsonb('several'::text) END,
            'n', (SELECT sum((eve.event ->> 'n')::integer) FROM unnest(p_events) AS eve (event)));
        v_message := v_short || jsonb_build_object('events', to_jsonb(p_events));
    END IF;
    -- of text that is too long the keys remain, as many as there is room for
    WHILE v_message IS NULL OR octet_length(v_message) >= 7500 OR NOT p_sends_deltas AND v_limit = 500 LOOP
        v_message := v_short || jsonb_build_object('truncated', TRUE, 'ids', (
            SELECT coalesce(jsonb_agg(obj.key ORDER BY obj.number), '[]')
            FROM (
                SELECT changed.key, min(eve.number * 1000000 + changed.number) AS number
                FROM unnest(p_events) WITH ORDINALITY AS eve (event, number)
                CROSS JOIN LATERAL jsonb_object_keys(eve.event -> 'delta') WITH ORDINALITY AS changed (key, number)
                GROUP BY changed.key
                ORDER BY 2
                LIMIT v_limit
            ) AS obj
        ));
        v_limit := v_limit - greatest(1, v_limit / 8);
    END LOOP;
    RETURN v_message;
END;
$$;

COMMENT ON FUNCTION events_internal.message_of IS
'p_events: the events of one transaction for the room, in their order, each with event_id, type, n and delta. Shorter than 7,500 bytes.';

REVOKE ALL ON FUNCTION events_internal.message_of FROM PUBLIC;
