-- Undo 0044_events: nobody is told anything any more, and what was told is forgotten.

DELETE FROM refresh_internal.chores WHERE call = 'events_internal.prune';
DROP TABLE events_internal.room_changes, events_internal.rooms, events.change, events.families;
DROP SEQUENCE events_internal.positions;
DROP SCHEMA events_internal;
DROP SCHEMA events;
