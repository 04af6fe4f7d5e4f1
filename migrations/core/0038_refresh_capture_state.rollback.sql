-- Names alone again: what happened to partitions and triggers meanwhile cannot be told, so every view is recomputed once.

DROP TABLE refresh_internal.open_writers;

UPDATE refresh.view_state SET whole_reason = coalesce(whole_reason, 'an earlier engine came back');
ALTER TABLE refresh.stored_views DROP COLUMN details_hash;
ALTER TABLE refresh.captured_sources DROP COLUMN capture_state;

DELETE FROM refresh.key_locks;
INSERT INTO refresh.key_locks (view_id, bucket)
SELECT sv.view_id, bucket.number FROM refresh.stored_views AS sv CROSS JOIN generate_series(0, 63) AS bucket (number);
ALTER TABLE refresh.key_locks ALTER COLUMN bucket TYPE integer;
COMMENT ON COLUMN refresh.key_locks.bucket IS NULL;
