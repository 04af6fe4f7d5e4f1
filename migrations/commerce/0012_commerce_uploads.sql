-- Commerce: the schema and its uploads.
-- depends: 0011_load

CREATE SCHEMA commerce;
COMMENT ON SCHEMA commerce IS
'Shops of small merchants: orders, variants, catalog and stock from files, how complete they are, product bundles.';

GRANT USAGE ON SCHEMA commerce TO tidemark_app, tidemark_operator;

-- Identifiers compare bytewise (collation C): the order the results promise, and the cheapest one for an index.
CREATE TABLE commerce.csv_uploads (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    upload_no bigint GENERATED ALWAYS AS IDENTITY,
    load_upload_id bigint,
    shop_id text COLLATE "C",
    run_id text COLLATE "C" NOT NULL,
    filename text NOT NULL,
    csv_type text,
    currency text NOT NULL DEFAULT 'USD',
    status text NOT NULL DEFAULT 'processing',
    error_code text,
    error_detail text,
    error_message text,
    total_rows integer NOT NULL DEFAULT 0,
    processed_rows integer NOT NULL DEFAULT 0,
    rejected_rows integer NOT NULL DEFAULT 0,
    superseded_rows integer NOT NULL DEFAULT 0,
    schema_version text NOT NULL DEFAULT '1',
    code_version text NOT NULL DEFAULT '',
    processing_params jsonb,
    bundle_generation_metrics jsonb,
    time_window_start timestamptz,
    time_window_end timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT csv_uploads_pkey PRIMARY KEY (id),
    CONSTRAINT csv_uploads_upload_no_key UNIQUE (upload_no),
    CONSTRAINT csv_uploads_load_upload_id_key UNIQUE (load_upload_id),
    CONSTRAINT csv_uploads_load_upload_id_fkey FOREIGN KEY (load_upload_id) REFERENCES load.uploads,
    CONSTRAINT csv_uploads_csv_type_is_known_check
    CHECK (csv_type IN ('orders', 'variants', 'catalog_joined', 'inventory_levels')),
    CONSTRAINT csv_uploads_status_is_known_check
    CHECK (status IN (
        'processing', 'completed', 'failed', 'ingestion_incomplete', 'blocked_missing_catalog',
        'bundle_generation_queued', 'generating_bundles', 'bundle_generation_completed',
        'bundle_generation_failed', 'bundle_generation_timed_out', 'bundle_generation_cancelled'
    )),
    CONSTRAINT csv_uploads_failed_has_error_code_check
    CHECK (status <> 'failed' OR error_code IS NOT NULL),
    CONSTRAINT csv_uploads_shop_is_known_once_loaded_check
    CHECK (shop_id IS NOT NULL OR status IN ('processing', 'failed')),
    CONSTRAINT csv_uploads_shop_id_is_normalised_check
    CHECK (shop_id <> '' AND shop_id = lower(shop_id)),
    CONSTRAINT csv_uploads_generation_is_of_orders_check
    CHECK (status IN ('processing', 'completed', 'failed') OR csv_type IS NOT DISTINCT FROM 'orders'),
    CONSTRAINT csv_uploads_total_rows_not_negative_check CHECK (total_rows >= 0),
    CONSTRAINT csv_uploads_processed_rows_not_negative_check CHECK (processed_rows >= 0),
    CONSTRAINT csv_uploads_rejected_rows_not_negative_check CHECK (rejected_rows >= 0),
    CONSTRAINT csv_uploads_superseded_rows_not_negative_check CHECK (superseded_rows >= 0),
    CONSTRAINT csv_uploads_rows_balance_check
    CHECK (status IN ('processing', 'failed') OR total_rows = processed_rows + rejected_rows)
);

COMMENT ON TABLE commerce.csv_uploads IS
'One row per file. Files of one sync share a run: the pair (shop_id, run_id), never run_id alone.';
COMMENT ON COLUMN commerce.csv_uploads.upload_no IS
'Order of registration; decides which upload is the latest when created_at is equal.';
COMMENT ON COLUMN commerce.csv_uploads.load_upload_id IS
'The load that read the file; its issues and timings are kept there, and it is not trimmed as long as this row stands.';
COMMENT ON COLUMN commerce.csv_uploads.shop_id IS
'Trimmed, lower case. NULL only until it is read from the file, or when the upload failed before.';
COMMENT ON COLUMN commerce.csv_uploads.csv_type IS 'Kind of the file; NULL: unknown, or not detected.';
COMMENT ON COLUMN commerce.csv_uploads.currency IS 'Currency of orders of this file that state none.';
COMMENT ON COLUMN commerce.csv_uploads.error_code IS
'Why the file failed as a whole: unknown_kind, malformed_csv, empty_file, undetected_kind, missing_columns, missing_shop, all_rows_rejected, or a limit of the loader.';
COMMENT ON COLUMN commerce.csv_uploads.error_detail IS
'What exactly is wrong with the file, for example its missing columns joined with semicolons.';
COMMENT ON COLUMN commerce.csv_uploads.total_rows IS
'Numbered records of the file; kept in a failed upload whose file could be read.';
COMMENT ON COLUMN commerce.csv_uploads.processed_rows IS 'total_rows without rejected_rows; 0 in a failed upload.';
COMMENT ON COLUMN commerce.csv_uploads.superseded_rows IS
'Processed rows that gave way to another row of the same file; 0 in a failed upload.';
COMMENT ON COLUMN commerce.csv_uploads.bundle_generation_metrics IS
'Figures of the last generation; for a run that was turned away, the coverage that stopped it.';
COMMENT ON COLUMN commerce.csv_uploads.time_window_start IS 'Oldest order time of an orders file, UTC.';
COMMENT ON COLUMN commerce.csv_uploads.time_window_end IS 'Newest order time of an orders file, UTC.';

GRANT SELECT ON commerce.csv_uploads TO tidemark_app, tidemark_operator;
