-- Many entries of the log of changes are written by one statement, and old ones of another system can be told from those recorded here.
-- depends: 0042_refresh_source_storage

SET LOCAL lock_timeout = '5s';

CREATE TYPE audit.new_entry AS (
    table_name text,
    row_key text,
    action text,
    before_values jsonb,
    after_values jsonb
);
COMMENT ON TYPE audit.new_entry IS
'What audit.record_many() is told of one entry; the columns are those of audit.entries.';

ALTER TABLE audit.entries ADD COLUMN loaded_at timestamptz;
COMMENT ON COLUMN audit.entries.loaded_at IS
'When an entry of an earlier system was brought here, which then says when it happened; NULL: recorded here, as it happened.';
