-- Back to one queue per stored view; every view is recomputed once.

DELETE FROM refresh_internal.chores WHERE call IN ('refresh_internal.empty_queues', 'refresh_internal.end_captures');
DROP TABLE refresh_internal.derived_mappings;
ALTER TABLE refresh.captured_sources DROP COLUMN active;
UPDATE refresh.view_sources AS vs SET queue_name = format('refresh_data.queue_%s_%s', vs.view_id, src.source_id)
FROM refresh.captured_sources AS src
WHERE vs.source_name = src.source_name AND vs.mapping_kind = 'keys';
UPDATE refresh.view_sources AS vs SET queue_name = NULL WHERE vs.mapping_kind <> 'keys';
ALTER TABLE refresh.view_sources
DROP COLUMN reads,
DROP COLUMN is_derived,
DROP COLUMN map_reason,
ADD CONSTRAINT view_sources_keys_have_queue_check CHECK ((mapping_kind = 'keys') = (queue_name IS NOT NULL));
UPDATE refresh.view_state AS vst SET whole_reason = 'an earlier engine came back';
ALTER TABLE refresh.view_state
DROP COLUMN seen,
DROP COLUMN seen_xid,
DROP COLUMN seen_command,
DROP COLUMN unsettled,
DROP COLUMN held_count,
DROP COLUMN held_since;

COMMENT ON COLUMN refresh.view_sources.queue_columns IS NULL;
COMMENT ON COLUMN refresh.view_sources.queue_name IS NULL;
