-- What the golden imports of planning keep of each case, before its rows are taken back.

-- name: prepare_imports
CREATE TEMPORARY TABLE import_answer (
    case_id text, kind text, description text, actuals_through_date text, upload_id bigint, outcome text, batch_id uuid, row_count bigint
);
CREATE TEMPORARY TABLE imported AS SELECT ''::text AS case_id, act.* FROM planning.actuals AS act WHERE FALSE;
CREATE TEMPORARY TABLE imported_batch AS SELECT ''::text AS case_id, bat.* FROM planning.actual_import_batches AS bat WHERE FALSE;

-- name: note_import
INSERT INTO import_answer
SELECT
    %(case_id)s, %(kind)s, %(description)s, %(actuals_through_date)s, upl.upload_id,
    CASE upl.load_status WHEN 'loaded' THEN 'ACCEPTED' ELSE upper(upl.error_code) END,
    (upl.parameters ->> 'batch')::uuid,
    upl.total_rows
FROM load.upload AS upl
WHERE upl.upload_id = %(upload_id)s;

-- name: note_import_actuals
-- All that is not of the history: a file that is refused must leave nothing.
INSERT INTO imported
SELECT %(case_id)s, act.* FROM planning.actuals AS act
WHERE act.import_batch_id IN (SELECT bat.id FROM planning.actual_import_batches AS bat WHERE bat.file_name !~ '_history');

-- name: note_import_batch
INSERT INTO imported_batch
SELECT %(case_id)s, bat.* FROM planning.actual_import_batches AS bat WHERE bat.file_name !~ '_history';

-- name: undo_import
DELETE FROM planning.actuals
WHERE import_batch_id IN (SELECT bat.id FROM planning.actual_import_batches AS bat WHERE bat.file_name !~ '_history');

-- name: undo_import_batch
DELETE FROM planning.actual_import_batches WHERE file_name !~ '_history';
