-- name: has_events
-- True once rooms can be told something.
SELECT to_regclass('events.change') IS NOT NULL;

-- name: event_families
-- Families that have rooms: those that declared a rule, and those that told something.
SELECT fam.family FROM events.families AS fam UNION SELECT DISTINCT cha.family FROM events.change AS cha ORDER BY family;

-- name: events_since
-- Events of a room after one of them, in order.
SELECT eve.event_id, eve.event_type, eve.actor, eve.object_count, eve.delta, eve.batch, eve.created_at
FROM events.since(%(family)s, %(room)s, %(actor)s, %(after)s, 500) AS eve;
