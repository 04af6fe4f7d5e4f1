-- Registry of the files that can be loaded, and what must be known of every load.
-- depends: 0002_refresh

CREATE SCHEMA load_data;
COMMENT ON SCHEMA load_data IS
'Records of files on their way in: one unlogged table of text columns a load, gone when the load ends. Never edited by hand.';

CREATE TABLE load.families (
    family_name text CONSTRAINT families_pkey PRIMARY KEY,
    description text NOT NULL,
    open_function text,
    end_function text
);

COMMENT ON TABLE load.families IS
'Datasets that share parameters and hooks; within a family a file may be told by its header. Written by load.family().';
COMMENT ON COLUMN load.families.open_function IS
'function(upload_id bigint) called when an upload is registered: checks preconditions, makes rows of the domain. NULL: none.';
COMMENT ON COLUMN load.families.end_function IS
'function(upload_id bigint) called in the transaction that ends an upload, whatever its end. NULL: none.';

CREATE TABLE load.parameters (
    family_name text NOT NULL CONSTRAINT parameters_family_name_fkey
    REFERENCES load.families ON DELETE CASCADE,
    parameter_name text NOT NULL,
    description text NOT NULL,
    CONSTRAINT parameters_pkey PRIMARY KEY (family_name, parameter_name)
);

COMMENT ON TABLE load.parameters IS
'What may be told beside the file, such as a shop. Others are refused.';

CREATE TABLE load.datasets (
    dataset_name text CONSTRAINT datasets_pkey PRIMARY KEY,
    family_name text NOT NULL CONSTRAINT datasets_family_name_fkey REFERENCES load.families,
    description text NOT NULL,
    kind_names text[] NOT NULL,
    detect_position integer,
    check_function text,
    merge_function text NOT NULL,
    lock_parameters text[] NOT NULL DEFAULT '{}',
    scope_parameter text,
    scope_column text,
    max_bytes bigint CONSTRAINT datasets_max_bytes_positive_check CHECK (max_bytes > 0),
    max_record_bytes bigint NOT NULL DEFAULT 33554432
    CONSTRAINT datasets_max_record_bytes_positive_check CHECK (max_record_bytes > 0),
    header_match text NOT NULL DEFAULT 'folded'
    CONSTRAINT datasets_header_match_is_known_check CHECK (header_match IN ('folded', 'exact')),
    encoding text NOT NULL DEFAULT 'replace'
    CONSTRAINT datasets_encoding_is_known_check CHECK (encoding IN ('replace', 'strict', 'strict_or_latin1')),
    skipped_records text NOT NULL DEFAULT 'blank'
    CONSTRAINT datasets_skipped_records_is_known_check CHECK (skipped_records IN ('blank', 'empty')),
    surplus_cells text NOT NULL DEFAULT 'reject'
    CONSTRAINT datasets_surplus_cells_is_known_check CHECK (surplus_cells IN ('reject', 'ignore')),
    keeps_cells boolean NOT NULL DEFAULT FALSE,
    needs_rows boolean NOT NULL DEFAULT TRUE,
    CONSTRAINT datasets_scope_is_whole_check CHECK ((scope_parameter IS NULL) = (scope_column IS NULL)),
    CONSTRAINT datasets_detect_position_key UNIQUE (family_name, detect_position)
);

COMMENT ON TABLE load.datasets IS
'What can be loaded and how its files are read. Written by load.dataset().';
COMMENT ON COLUMN load.datasets.lock_parameters IS
'Two loads of this dataset that agree in these parameters wait for each other; others run side by side.';
COMMENT ON COLUMN load.datasets.scope_parameter IS
'Parameter that says whose rows these are. Not given: the first value of scope_column counts, and rows with another value are rejected.';
COMMENT ON COLUMN load.datasets.skipped_records IS
'blank: a record whose cells are all blank does not exist; empty: only a line without any character does not.';
COMMENT ON COLUMN load.datasets.needs_rows IS
'True: a file without records fails (empty_file), and so does one whose records are all rejected (all_rows_rejected).';

CREATE TABLE load.dataset_columns (
    dataset_name text NOT NULL CONSTRAINT dataset_columns_dataset_name_fkey
    REFERENCES load.datasets ON DELETE CASCADE,
    column_name text NOT NULL,
    column_no integer NOT NULL,
    cell_type text NOT NULL CONSTRAINT dataset_columns_cell_type_is_known_check
    CHECK (cell_type IN ('text', 'id', 'money', 'number', 'int', 'bool', 'ts', 'raw')),
    header_names text[] NOT NULL,
    fallback_names text[] NOT NULL DEFAULT '{}',
    required_group text,
    blank_reason text,
    blank_value text,
    bad_severity text NOT NULL DEFAULT 'warn'
    CONSTRAINT dataset_columns_bad_severity_is_known_check CHECK (bad_severity IN ('reject', 'warn')),
    CONSTRAINT dataset_columns_pkey PRIMARY KEY (dataset_name, column_name)
);

COMMENT ON TABLE load.dataset_columns IS
'Columns of a dataset: under which headers they are found and how their cells are read. Written by load.file_column().';
COMMENT ON COLUMN load.dataset_columns.required_group IS
'NULL: the header may be absent. Of the columns with the same group one must be present; the group is what a complaint names.';
COMMENT ON COLUMN load.dataset_columns.blank_reason IS
'Reason to reject a row whose cell is blank. NULL: blank is allowed.';

CREATE TABLE load.uploads (
    upload_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT uploads_pkey PRIMARY KEY,
    family_name text NOT NULL,
    dataset_name text,
    file_name text NOT NULL,
    given_parameters jsonb NOT NULL,
    parameters jsonb NOT NULL,
    is_dry_run boolean NOT NULL,
    load_status text NOT NULL DEFAULT 'staging' CONSTRAINT uploads_load_status_is_known_check
    CHECK (load_status IN ('staging', 'staged', 'loaded', 'checked', 'failed', 'repeated')),
    error_code text,
    error_detail text,
    error_message text,
    header text[],
    staged_bytes bigint NOT NULL DEFAULT 0,
    staged_rows bigint NOT NULL DEFAULT 0,
    staged_digest bytea,
    content_digest bytea,
    repeats_upload_id bigint CONSTRAINT uploads_repeats_upload_id_fkey
    REFERENCES load.uploads ON DELETE SET NULL,
    total_rows bigint NOT NULL DEFAULT 0,
    processed_rows bigint NOT NULL DEFAULT 0,
    rejected_rows bigint NOT NULL DEFAULT 0,
    superseded_rows bigint NOT NULL DEFAULT 0,
    merge_result jsonb,
    started_by text NOT NULL DEFAULT session_user,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    CONSTRAINT uploads_counters_balance_check CHECK (
        load_status = 'failed' OR total_rows = processed_rows + rejected_rows
    ),
    CONSTRAINT uploads_superseded_were_processed_check CHECK (superseded_rows BETWEEN 0 AND processed_rows)
) WITH (fillfactor = 70);

CREATE INDEX uploads_content_digest_idx ON load.uploads (content_digest) WHERE load_status = 'loaded';
CREATE INDEX uploads_unfinished_idx ON load.uploads (upload_id) WHERE load_status IN ('staging', 'staged');
CREATE INDEX uploads_repeats_upload_id_idx ON load.uploads (repeats_upload_id);

COMMENT ON TABLE load.uploads IS
'One file on its way in, or what became of it. processed_rows = total_rows - rejected_rows; superseded_rows are processed rows that another row of the file replaced.';
COMMENT ON COLUMN load.uploads.given_parameters IS 'Parameters as told by the caller.';
COMMENT ON COLUMN load.uploads.parameters IS 'Parameters in force: those given and what hooks and the file added.';
COMMENT ON COLUMN load.uploads.staged_bytes IS
'Bytes of the file whose records are committed in the staging table; staged_digest is the SHA-256 of exactly these.';
COMMENT ON COLUMN load.uploads.content_digest IS 'SHA-256 of the whole uncompressed file.';

CREATE TABLE load.issues (
    upload_id bigint NOT NULL CONSTRAINT issues_upload_id_fkey
    REFERENCES load.uploads ON DELETE CASCADE,
    row_no bigint NOT NULL,
    severity text NOT NULL CONSTRAINT issues_severity_is_known_check CHECK (severity IN ('reject', 'warn')),
    reason text NOT NULL,
    column_name text NOT NULL DEFAULT '',
    raw_value text NOT NULL DEFAULT '',
    message text
);

CREATE INDEX issues_upload_id_row_no_idx ON load.issues (upload_id, row_no);

COMMENT ON TABLE load.issues IS
'Everything found wrong with a row of a file. A row with at least one issue of severity reject is not loaded.';
COMMENT ON COLUMN load.issues.row_no IS 'Number of the record in the file; the first after the header is 1.';
COMMENT ON COLUMN load.issues.column_name IS 'Column of the dataset; empty when the row as a whole is meant.';
COMMENT ON COLUMN load.issues.raw_value IS
'The cell as read, not trimmed, its first 200 characters; empty when there is none.';

CREATE TABLE load.rejected_records (
    upload_id bigint NOT NULL CONSTRAINT rejected_records_upload_id_fkey
    REFERENCES load.uploads ON DELETE CASCADE,
    row_no bigint NOT NULL,
    cells text[] NOT NULL,
    CONSTRAINT rejected_records_pkey PRIMARY KEY (upload_id, row_no)
);

COMMENT ON TABLE load.rejected_records IS
'Records that were not loaded, cells as read in the order of the header, kept to be corrected and loaded again.';

CREATE TABLE load.outcomes (
    upload_id bigint NOT NULL CONSTRAINT outcomes_upload_id_fkey
    REFERENCES load.uploads ON DELETE CASCADE,
    seq bigint NOT NULL,
    outcome text NOT NULL,
    details jsonb NOT NULL,
    CONSTRAINT outcomes_pkey PRIMARY KEY (upload_id, seq)
);

COMMENT ON TABLE load.outcomes IS
'What an upload does, entry by entry, for domains whose users look at it before they apply. Written by check functions, so a dry run keeps it.';

CREATE TABLE load.phases (
    upload_id bigint NOT NULL CONSTRAINT phases_upload_id_fkey REFERENCES load.uploads ON DELETE CASCADE,
    phase text NOT NULL,
    duration_ms double precision NOT NULL,
    row_count bigint NOT NULL,
    CONSTRAINT phases_pkey PRIMARY KEY (upload_id, phase)
);

COMMENT ON TABLE load.phases IS
'Where the time of a load went. Phases: parse and stage (client), validate, merge, total.';

GRANT USAGE ON SCHEMA load, load_data TO tidemark_loader, tidemark_operator;
