-- Keys whose live definition raises an error are kept aside, so that they stop nobody.
-- depends: 0035_access

SET LOCAL lock_timeout = '5s';

CREATE TABLE refresh.held_keys (
    held_key_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT held_keys_pkey PRIMARY KEY,
    view_id integer NOT NULL CONSTRAINT held_keys_view_id_fkey REFERENCES refresh.stored_views ON DELETE CASCADE,
    key_columns text[] NOT NULL,
    key jsonb NOT NULL,
    error_code text NOT NULL,
    error_message text NOT NULL,
    held_since timestamptz NOT NULL DEFAULT clock_timestamp(),
    try_count integer NOT NULL DEFAULT 1,
    retry_at timestamptz NOT NULL
);

CREATE INDEX held_keys_view_id_idx ON refresh.held_keys (view_id);

COMMENT ON TABLE refresh.held_keys IS
'Keys of stored views that could not be computed: their stored rows are those of before. They are tried again when they change, when retry_at has come, and by every recompute of everything.';
COMMENT ON COLUMN refresh.held_keys.key_columns IS 'All key columns, or those that a mapping returned: then all keys with these parts are meant.';
COMMENT ON COLUMN refresh.held_keys.key IS 'Column and value.';
COMMENT ON COLUMN refresh.held_keys.held_since IS 'When the key failed first.';
COMMENT ON COLUMN refresh.held_keys.try_count IS 'How often it was tried; the waits double from 30 seconds up to an hour.';

GRANT SELECT ON refresh.held_keys TO tidemark_operator;

-- never filled, and read by nobody but the engine
ALTER TABLE refresh.view_state
-- squawk-ignore ban-drop-column
DROP COLUMN held_count,
-- squawk-ignore ban-drop-column
DROP COLUMN held_since;
