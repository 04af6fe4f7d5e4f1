-- events_internal.tg_change_at_commit_tell()
-- Gives the events of a transaction their place in each room, and tells the rooms.
-- requires: events_internal.message_of()
-- source:   docs/events.md, "Order"

-- At COMMIT no other lock is taken any more, and rooms are locked in one order, so nobody waits in a circle. The locks last until
-- the transaction is seen by others: a position is never seen before a smaller one of its room. Rooms are locked and never
-- changed, which a transaction under REPEATABLE READ bears as well. Not an advisory lock, which any login might take and keep.
CREATE OR REPLACE FUNCTION events_internal.tg_change_at_commit_tell()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_first bigint := new.event_id;
BEGIN
    -- the first event of the transaction spoke for all of them
    IF EXISTS (SELECT FROM events_internal.room_changes AS roc WHERE roc.event_id = v_first) THEN
        RETURN NULL;
    END IF;
    INSERT INTO events_internal.rooms (family, room)
    SELECT DISTINCT cha.family, roo.room
    FROM events.change AS cha
    CROSS JOIN LATERAL unnest(cha.rooms) AS roo (room)
    WHERE cha.transaction_id = new.transaction_id AND cha.event_id >= v_first
        AND NOT EXISTS (SELECT FROM events_internal.rooms AS kno WHERE kno.family = cha.family AND kno.room = roo.room)
    ORDER BY cha.family, roo.room
    ON CONFLICT DO NOTHING;
    PERFORM FROM events_internal.rooms AS loc
    WHERE (loc.family, loc.room) IN (
        SELECT cha.family, roo.room
        FROM events.change AS cha
        CROSS JOIN LATERAL unnest(cha.rooms) AS roo (room)
        WHERE cha.transaction_id = new.transaction_id AND cha.event_id >= v_first
    )
    ORDER BY loc.family, loc.room
    FOR UPDATE;
    INSERT INTO events_internal.room_changes (family, room, position, event_id)
    SELECT plc.family, plc.room, nextval('events_internal.positions'), plc.event_id
    FROM (
        SELECT cha.family, roo.room, cha.event_id
        FROM events.change AS cha
        CROSS JOIN LATERAL unnest(cha.rooms) AS roo (room)
        WHERE cha.transaction_id = new.transaction_id AND cha.event_id >= v_first
        ORDER BY cha.event_id, roo.room
        OFFSET 0
    ) AS plc;
    PERFORM pg_notify(mes.family || '_' || lower(mes.room COLLATE "C"), events_internal.message_of(mes.room, mes.events, mes.sends_deltas))
    FROM (
        SELECT
            cha.family,
            roo.room,
            coalesce(fam.sends_deltas, TRUE) AS sends_deltas,
            array_agg(jsonb_build_object(
                'event_id', cha.event_id, 'type', cha.event_type,
                'n', (SELECT count(*) FROM jsonb_object_keys(roo.delta)), 'delta', roo.delta
            ) ORDER BY cha.event_id) AS events
        FROM events.change AS cha
        CROSS JOIN LATERAL jsonb_each(cha.payload -> 'rooms') AS roo (room, delta)
        LEFT JOIN events.families AS fam ON cha.family = fam.family
        WHERE cha.transaction_id = new.transaction_id AND cha.event_id >= v_first
        GROUP BY cha.family, roo.room, fam.sends_deltas
        ORDER BY cha.family, roo.room
    ) AS mes;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION events_internal.tg_change_at_commit_tell IS
'One message of NOTIFY per room and transaction.';

REVOKE ALL ON FUNCTION events_internal.tg_change_at_commit_tell FROM PUBLIC;

-- PostgreSQL has no CREATE OR REPLACE for constraint triggers.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS trg
        WHERE trg.tgrelid = 'events.change'::regclass AND trg.tgname = 'change_at_commit_tell'
    ) THEN
        CREATE CONSTRAINT TRIGGER change_at_commit_tell AFTER INSERT
        ON events.change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        EXECUTE FUNCTION events_internal.tg_change_at_commit_tell();
    END IF;
END;
$$;
