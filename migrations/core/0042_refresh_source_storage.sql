-- Rows of a source can change without a writer: a column is computed anew, a crash empties an unlogged table.
-- depends: 0041_load_missing_cells

SET LOCAL lock_timeout = '5s';

ALTER TABLE refresh.captured_sources ADD COLUMN storage_files text[], ADD COLUMN storage_columns text[], ADD COLUMN crash_mark uuid;

COMMENT ON COLUMN refresh.captured_sources.storage_files IS
'Each table of the source with the number of its file, as capture last saw it; NULL: not looked at yet.';
COMMENT ON COLUMN refresh.captured_sources.storage_columns IS
'Columns of the source by number, each with the transaction that wrote its catalogue row, as capture last saw them.';
COMMENT ON COLUMN refresh.captured_sources.crash_mark IS
'The mark that stood in refresh.crash_mark when an unlogged source was last seen; NULL: the source is logged.';

-- a login's setting may name another tablespace
SET LOCAL default_tablespace = '';

CREATE UNLOGGED TABLE refresh.crash_mark (
    is_only boolean NOT NULL DEFAULT TRUE CONSTRAINT crash_mark_pkey PRIMARY KEY CONSTRAINT crash_mark_is_one_check CHECK (is_only),
    mark uuid NOT NULL DEFAULT gen_random_uuid()
);

COMMENT ON TABLE refresh.crash_mark IS
'One mark that a crash of the server removes, together with the rows of every other unlogged table.';
COMMENT ON COLUMN refresh.crash_mark.is_only IS 'True; there is one row at most.';
COMMENT ON COLUMN refresh.crash_mark.mark IS 'Another one after each crash.';
