-- The registry of the refresh engine: which views are stored, what they read, what every run did.
-- depends: 0001_core_schemas

CREATE SCHEMA refresh_data;
COMMENT ON SCHEMA refresh_data IS
'Everything the refresh engine generates: storage of stored views, queues of changes, capture and refresh functions. Never edited by hand.';

CREATE TABLE refresh.stored_views (
    view_id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT stored_views_pkey PRIMARY KEY,
    view_name text NOT NULL CONSTRAINT stored_views_view_name_key UNIQUE,
    live_name text NOT NULL,
    mode text NOT NULL CONSTRAINT stored_views_mode_is_known_check CHECK (mode IN ('keyed', 'full')),
    key_columns text[],
    key_types text[],
    due_column text,
    due_type text,
    target_lag interval NOT NULL,
    full_above numeric,
    also_by text[],
    clock_use text NOT NULL,
    column_names text[] NOT NULL,
    column_types text[] NOT NULL,
    generation integer NOT NULL,
    storage_name text NOT NULL,
    serving_name text,
    is_bypassed boolean NOT NULL DEFAULT FALSE,
    definition_hash text NOT NULL,
    declared_in xid8 NOT NULL,
    CONSTRAINT stored_views_keyed_has_key_check CHECK ((mode = 'keyed') = (key_columns IS NOT NULL)),
    CONSTRAINT stored_views_due_type_is_known_check CHECK (due_type IN ('date', 'timestamp with time zone')),
    CONSTRAINT stored_views_target_lag_not_negative_check CHECK (target_lag >= interval '0'),
    CONSTRAINT stored_views_full_above_is_share_check CHECK (full_above BETWEEN 0 AND 1),
    CONSTRAINT stored_views_clock_use_is_known_check CHECK (clock_use IN ('none', 'zone', 'day', 'instant'))
);

COMMENT ON TABLE refresh.stored_views IS
'One row per stored view, written by refresh.store(). serving_name is the storage its public view reads, NULL before the first; storage_name the newest one.';

CREATE TABLE refresh.view_state (
    view_id integer CONSTRAINT view_state_pkey PRIMARY KEY
    CONSTRAINT view_state_view_id_fkey REFERENCES refresh.stored_views,
    whole_reason text,
    clock_at timestamptz,
    clock_zone text,
    taken_at timestamptz,
    row_count bigint NOT NULL DEFAULT 0,
    last_run_at timestamptz,
    last_run_ms double precision,
    key_ms double precision,
    whole_ms double precision,
    failure_count integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    watched_objects oid[] NOT NULL DEFAULT '{}',
    catalog_stamp text
) WITH (fillfactor = 50);

COMMENT ON TABLE refresh.view_state IS
'What the last run left behind. whole_reason: why the next run recomputes everything; clock_at: the business instant of the last run; catalog_stamp: a cheap sign that the definition may have changed.';

CREATE TABLE refresh.declared_mappings (
    view_name text NOT NULL,
    source_name text NOT NULL,
    mapping text NOT NULL,
    declared_in xid8 NOT NULL,
    CONSTRAINT declared_mappings_pkey PRIMARY KEY (view_name, source_name)
);

COMMENT ON TABLE refresh.declared_mappings IS
'What refresh.affects() was told; may come before the stored view itself.';

CREATE TABLE refresh.captured_sources (
    source_id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT captured_sources_pkey PRIMARY KEY,
    source_name text NOT NULL CONSTRAINT captured_sources_source_name_key UNIQUE,
    captured_relations text[] NOT NULL DEFAULT '{}'
);

COMMENT ON TABLE refresh.captured_sources IS
'Relations whose changes are captured; captured_relations holds the table itself and its partitions.';

CREATE TABLE refresh.view_sources (
    view_id integer NOT NULL CONSTRAINT view_sources_view_id_fkey REFERENCES refresh.stored_views,
    source_name text NOT NULL,
    source_view_id integer CONSTRAINT view_sources_source_view_id_fkey REFERENCES refresh.stored_views,
    mapping_kind text NOT NULL,
    mapping text,
    map_columns text[],
    queue_columns text[],
    queue_types text[],
    queue_name text,
    CONSTRAINT view_sources_pkey PRIMARY KEY (view_id, source_name),
    CONSTRAINT view_sources_kind_is_known_check CHECK (mapping_kind IN ('keys', 'all', 'none', 'missing')),
    CONSTRAINT view_sources_keys_have_queue_check CHECK ((mapping_kind = 'keys') = (queue_name IS NOT NULL))
);

CREATE INDEX view_sources_source_name_idx ON refresh.view_sources (source_name);

COMMENT ON TABLE refresh.view_sources IS
'What each live view reads and how a change there becomes keys. source_view_id is set when the source is itself a stored view.';

CREATE TABLE refresh.key_locks (
    view_id integer NOT NULL CONSTRAINT key_locks_view_id_fkey REFERENCES refresh.stored_views,
    bucket integer NOT NULL,
    writes bigint NOT NULL DEFAULT 0,
    CONSTRAINT key_locks_pkey PRIMARY KEY (view_id, bucket)
) WITH (fillfactor = 20);

COMMENT ON TABLE refresh.key_locks IS
'Row locks that serialise writers of one key for views with target_lag 0. A row, not an advisory lock: a writer whose snapshot is older gets 40001 instead of a stale result.';

CREATE TABLE refresh.runs (
    run_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT runs_pkey PRIMARY KEY,
    view_name text NOT NULL,
    started_at timestamptz NOT NULL,
    duration_ms double precision NOT NULL,
    mode text NOT NULL,
    reason text NOT NULL,
    change_count bigint,
    key_count bigint,
    inserted_count bigint,
    updated_count bigint,
    deleted_count bigint,
    error_code text,
    error_message text,
    error_detail text,
    error_context text,
    CONSTRAINT runs_mode_is_known_check CHECK (mode IN ('keys', 'whole', 'native', 'failed'))
);

CREATE INDEX runs_view_name_started_at_idx ON refresh.runs (view_name, started_at);
CREATE INDEX runs_started_at_idx ON refresh.runs USING brin (started_at);

COMMENT ON TABLE refresh.runs IS
'One row per run that did something or failed; trimmed by age (setting tidemark.run_log_days, default 30). Runs that found nothing to do leave no row.';

CREATE TABLE refresh.breaches (
    breach_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT breaches_pkey PRIMARY KEY,
    view_name text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    target_lag interval NOT NULL,
    worst_lag interval NOT NULL,
    reason text NOT NULL
);

CREATE UNIQUE INDEX breaches_open_key ON refresh.breaches (view_name) WHERE ended_at IS NULL;

COMMENT ON TABLE refresh.breaches IS
'Times at which a stored view was older than it promises; ended_at is NULL while it lasts. Trimmed like refresh.runs.';

CREATE TABLE refresh.retired_storage (
    relation_name text CONSTRAINT retired_storage_pkey PRIMARY KEY,
    retired_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE refresh.retired_storage IS
'Storage no view reads any more, waiting for its last reader before it is dropped.';

CREATE TYPE refresh.run_outcome AS (
    is_whole boolean,
    reason text,
    oldest_at timestamptz,
    change_count bigint,
    key_count bigint,
    inserted_count bigint,
    updated_count bigint,
    deleted_count bigint
);

COMMENT ON TYPE refresh.run_outcome IS
'What one call of a generated refresh function did; oldest_at is the capture of the oldest change it took.';

GRANT SELECT ON refresh.stored_views, refresh.view_state, refresh.view_sources, refresh.runs, refresh.breaches TO tidemark_operator;
