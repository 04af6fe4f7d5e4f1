-- What is captured is remembered by object number, and what a definition rests on beyond views and functions is fingerprinted.
-- depends: 0037_refresh_together

SET LOCAL lock_timeout = '5s';

ALTER TABLE refresh.captured_sources ADD COLUMN capture_state text[] NOT NULL DEFAULT '{}';

COMMENT ON COLUMN refresh.captured_sources.capture_state IS
'Per captured relation its object number and those of its triggers, with the transactions that wrote them: another partition under the same name, or a trigger that was off for a while, is another entry.';

ALTER TABLE refresh.stored_views ADD COLUMN details_hash text;

COMMENT ON COLUMN refresh.stored_views.details_hash IS
'Fingerprint of types, enum labels, collations and generated columns that the live view rests on; NULL: not known yet.';

ALTER TABLE refresh.key_locks
-- a few hundred rows; writers of views with target_lag 0 wait for a moment
-- squawk-ignore changing-column-type
ALTER COLUMN bucket TYPE bigint;

COMMENT ON COLUMN refresh.key_locks.bucket IS
'Hash of a key that was written; 0: all keys, held shared by who writes some and alone by who recomputes everything.';

CREATE TABLE refresh_internal.open_writers (
    xid xid8 CONSTRAINT open_writers_pkey PRIMARY KEY,
    seen_at timestamptz NOT NULL
);

COMMENT ON TABLE refresh_internal.open_writers IS
'Transactions that had changed a source and not ended when a tick looked, and when it looked last: until then nobody could follow them. Kept for an hour.';
