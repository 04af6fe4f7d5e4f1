-- The parts of the loader get a schema of their own; an upload keeps how its file was read.
-- depends: 0018_refresh_changes

CREATE SCHEMA load_internal;
COMMENT ON SCHEMA load_internal IS
'What the functions of schema load are made of: open, detect, stage, check, merge, report. Nobody calls these but the loader.';

SET LOCAL lock_timeout = '5s';

ALTER TABLE load.uploads ADD COLUMN reading jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN load.uploads.reading IS
'How the file was read and what was seen in it: encoding, delimiter, decimal; seen: a sentence for people. Empty: plain CSV.';
COMMENT ON COLUMN load.uploads.started_by IS
'The login that owns the upload: only it, and operators, go on with it, end it and see it.';

ALTER TABLE load.datasets ADD COLUMN all_rejected text NOT NULL DEFAULT 'fail'
CONSTRAINT datasets_all_rejected_is_known_check CHECK (all_rejected IN ('fail', 'load'));
COMMENT ON COLUMN load.datasets.all_rejected IS
'fail: a file whose records are all rejected fails (all_rows_rejected); load: it does not, as its domain decides by itself.';
COMMENT ON COLUMN load.datasets.needs_rows IS 'True: a file without records fails (empty_file).';
