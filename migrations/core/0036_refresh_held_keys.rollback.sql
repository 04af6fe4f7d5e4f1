-- Keys are kept aside no more: every view that has some is recomputed as a whole.

UPDATE refresh.view_state AS vst SET whole_reason = 'an earlier engine came back'
WHERE EXISTS (SELECT FROM refresh.held_keys AS held WHERE held.view_id = vst.view_id);
ALTER TABLE refresh.view_state
ADD COLUMN held_count bigint NOT NULL DEFAULT 0,
ADD COLUMN held_since timestamptz;
DROP TABLE refresh.held_keys;
