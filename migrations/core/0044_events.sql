-- What changed is told to those who listen, room by room.
-- depends: 0043_audit_many

CREATE SCHEMA events;
COMMENT ON SCHEMA events IS
'What changed, for those who listen: rooms, and the changes that were told to them.';
CREATE SCHEMA events_internal;
COMMENT ON SCHEMA events_internal IS
'What the verbs of schema events are made of.';

CREATE TABLE events.families (
    family text CONSTRAINT families_pkey PRIMARY KEY,
    room_rule text NOT NULL,
    sends_deltas boolean NOT NULL DEFAULT TRUE
);
COMMENT ON TABLE events.families IS
'Families whose rooms may be entered; written by events.declare_family(). Rooms of others are for operators.';
COMMENT ON COLUMN events.families.room_rule IS
'Function (room text, actor text) that says whether a user of the family may enter a room.';
COMMENT ON COLUMN events.families.sends_deltas IS
'TRUE: messages of NOTIFY hold the new values, which every login of the database may listen to; FALSE: only the keys of what changed.';

CREATE TABLE events.change (
    event_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT change_pkey PRIMARY KEY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    family text NOT NULL,
    event_type text NOT NULL,
    actor jsonb,
    rooms text[] NOT NULL,
    payload jsonb NOT NULL,
    batch text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX change_transaction_id_idx ON events.change (transaction_id);
CREATE INDEX change_created_at_idx ON events.change (created_at);
COMMENT ON TABLE events.change IS
'One row per call that changed something; written by events.publish(), pruned by ticks.';
COMMENT ON COLUMN events.change.event_id IS 'Name of the event. Not the order of events: that is the one of each room.';
COMMENT ON COLUMN events.change.transaction_id IS 'Events of one number were committed together.';
COMMENT ON COLUMN events.change.family IS 'Schema of the family.';
COMMENT ON COLUMN events.change.event_type IS 'What happened, in the words of the family.';
COMMENT ON COLUMN events.change.actor IS 'Who did it, as the family says it.';
COMMENT ON COLUMN events.change.rooms IS 'Rooms that are told.';
COMMENT ON COLUMN events.change.payload IS
'Version v, type, actor, and for each of the rooms the changed columns of each object, null: it is gone.';
COMMENT ON COLUMN events.change.batch IS 'The batch in the log of changes that belongs to it; NULL: none.';
COMMENT ON COLUMN events.change.created_at IS 'When, by the clock of the server.';

CREATE TABLE events_internal.rooms (
    family text NOT NULL,
    room text NOT NULL,
    CONSTRAINT rooms_pkey PRIMARY KEY (family, room)
);
COMMENT ON TABLE events_internal.rooms IS
'One row per room, locked while a transaction that tells it something commits: so the order of a room is the order of commits.';

CREATE SEQUENCE events_internal.positions;

CREATE TABLE events_internal.room_changes (
    family text NOT NULL,
    room text NOT NULL,
    position bigint NOT NULL,
    event_id bigint NOT NULL CONSTRAINT room_changes_event_id_fkey REFERENCES events.change ON DELETE CASCADE,
    CONSTRAINT room_changes_pkey PRIMARY KEY (family, room, position)
);
CREATE UNIQUE INDEX room_changes_event_id_room_idx ON events_internal.room_changes (event_id, room);
COMMENT ON TABLE events_internal.room_changes IS
'The events of each room in the order in which they were committed.';
COMMENT ON COLUMN events_internal.room_changes.position IS
'Given at commit, under the lock of the room: whoever sees one has all the smaller ones of the room before him.';

GRANT USAGE ON SCHEMA events TO tidemark_app, tidemark_operator;
GRANT SELECT ON events.families, events.change TO tidemark_operator;

INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
('prune events', 'events_internal.prune', interval '10 minutes');
