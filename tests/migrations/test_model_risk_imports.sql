-- Migration 0008: what is known of an import.
BEGIN;
SELECT plan(12);
SET LOCAL tidemark.as_of = '2025-06-30';

CREATE FUNCTION pg_temp.violated(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_constraint text;
BEGIN
    EXECUTE p_statement;
    RETURN 'accepted';
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
    RETURN SQLSTATE || ' ' || v_constraint;
END;
$$;

SELECT columns_are('model_risk', 'import_batches', ARRAY[
    'batch_id', 'import_kind', 'target_id', 'file_name', 'dry_run', 'max_bytes', 'bytes_read', 'rows_read',
    'created_count', 'updated_count', 'skipped_count', 'error_count', 'status', 'failure_reason', 'started_by',
    'started_at', 'finished_at'
]);
SELECT columns_are('model_risk', 'import_batch_rows', ARRAY['batch_id', 'row_number', 'payload']);
SELECT columns_are('model_risk', 'import_batch_errors', ARRAY['batch_id', 'row_number', 'seq', 'category', 'message']);

INSERT INTO model_risk.import_batches (batch_id, import_kind, dry_run, max_bytes, status, started_at)
VALUES (901, 'LOB_HIERARCHY', true, 10485760, 'STREAMING', '2025-01-01');
INSERT INTO model_risk.import_batch_rows VALUES (901, 1, '{}');
INSERT INTO model_risk.import_batch_errors VALUES (901, 1, 1, 'BAD_ENCODING', 'not UTF-8');

SELECT is(
    (rows_read, created_count, updated_count, skipped_count, error_count), (0, 0, 0, 0, 0), 'An import starts with nothing read'
) FROM model_risk.import_batches;

CREATE TEMPORARY TABLE refused (claim text, outcome text, statement text);
INSERT INTO refused VALUES
(
    'An import is of one of the two kinds', '23514 import_batches_import_kind_is_known_check',
    $$UPDATE model_risk.import_batches SET import_kind = 'MODELS'$$
),
(
    'An import status is one of the five', '23514 import_batches_status_is_known_check',
    $$UPDATE model_risk.import_batches SET status = 'DONE'$$
),
(
    'An import may read at least one byte', '23514 import_batches_max_bytes_positive_check',
    $$UPDATE model_risk.import_batches SET max_bytes = 0$$
),
(
    'A record is staged once', '23505 import_batch_rows_pkey',
    $$INSERT INTO model_risk.import_batch_rows VALUES (901, 1, '{}')$$
),
(
    'An error of a record is numbered once', '23505 import_batch_errors_pkey',
    $$INSERT INTO model_risk.import_batch_errors VALUES (901, 1, 1, 'BAD_NUMBER', 'again')$$
),
(
    'Who started an import is a known user', '23503 import_batches_started_by_fkey',
    $$UPDATE model_risk.import_batches SET started_by = 999999$$
);
SELECT is(pg_temp.violated(statement), outcome, claim) FROM refused;

DELETE FROM model_risk.import_batches;
SELECT is_empty('SELECT * FROM model_risk.import_batch_rows', 'A deleted import takes its staged records along');
SELECT is_empty('SELECT * FROM model_risk.import_batch_errors', 'A deleted import takes its errors along');
SELECT * FROM finish();
ROLLBACK;
