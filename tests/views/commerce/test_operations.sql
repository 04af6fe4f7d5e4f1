-- commerce.operation_timing, slow_operation, ingest_issues, access_scope: what an operator sees of uploads and saves.
BEGIN;
SELECT plan(10);

INSERT INTO load.uploads (family_name, file_name, given_parameters, parameters, is_dry_run)
SELECT 'commerce', name, '{}', '{}', false FROM unnest(ARRAY['quick', 'slow']) AS name;
INSERT INTO load.phases (upload_id, phase, duration_ms, row_count)
SELECT upl.upload_id, part.phase, part.duration_ms, part.row_count
FROM load.uploads AS upl
INNER JOIN (VALUES
    ('quick', 'parse', 90000, 1), ('quick', 'total', 30000, 0), ('slow', 'merge', 10, 4), ('slow', 'total', 30001, 3)
) AS part (file, phase, duration_ms, row_count) ON upl.file_name = part.file;
INSERT INTO load.issues (upload_id, row_no, severity, reason)
SELECT upl.upload_id, 1, iss.severity, iss.reason
FROM load.uploads AS upl
CROSS JOIN (VALUES ('warn', 'bad_encoding'), ('reject', 'bad_encoding'), ('warn', 'no_item')) AS iss (severity, reason)
WHERE upl.file_name = 'slow';
INSERT INTO commerce.csv_uploads (id, shop_id, run_id, filename, csv_type, status, load_upload_id, error_code)
SELECT ('00000000-0000-4000-8000-0000000000' || mine.id)::uuid, mine.shop_id, 'r', mine.file, 'orders', mine.status, upl.upload_id, mine.error_code
FROM (VALUES ('0a', 'a', 'quick', 'completed', NULL), ('0b', 'b', 'slow', 'completed', NULL), ('0c', NULL, 'neither', 'failed', 'missing_shop')) AS mine (id, shop_id, file, status, error_code)
LEFT JOIN load.uploads AS upl ON mine.file = upl.file_name;
INSERT INTO commerce.bundle_saves
(saved_at, duration_ms, record_count, inserted_count, updated_count, rejected_count, duplicate_count) VALUES
('2025-01-01', 5000, 0, 0, 0, 0, 0), ('2025-01-02', 5001, 1, 1, 0, 0, 0), ('2025-01-03', 8, 4, 4, 0, 0, 0);

SELECT results_eq(
    $$SELECT shop_id COLLATE "default", phase, ms_per_row FROM commerce.operation_timing WHERE operation = 'upload' ORDER BY 1, 2$$,
    $$VALUES ('a', 'parse', 90000::double precision), ('a', 'total', NULL), ('b', 'merge', 2.5), ('b', 'total', 10000.333333333334)$$,
    'Each upload has its own phases; no rows, no time for one'
);
SELECT is(count(*), 4::bigint, 'An upload that was never loaded took no time')
FROM commerce.operation_timing WHERE operation = 'upload';
SELECT results_eq(
    $$SELECT phase, ms_per_row FROM commerce.operation_timing WHERE operation = 'bundle_save' ORDER BY started_at$$,
    $$VALUES ('total', NULL), ('total', 5001::double precision), ('total', 2)$$, 'Saves, one of them empty'
);
SELECT results_eq(
    $$SELECT operation, shop_id COLLATE "default", duration_ms FROM commerce.slow_operation ORDER BY 1$$,
    $$VALUES ('bundle_save', NULL, 5001::double precision), ('upload', 'b', 30001)$$,
    'Slow is a whole upload above 30 s and a save above 5 s: not exactly that, and no single phase'
);
SELECT is(array_agg(format('%s %s', iss.severity, iss.reason) ORDER BY 1), NULL, 'A clean file has no issue')
FROM commerce.ingest_issues AS iss WHERE iss.csv_upload_id = '00000000-0000-4000-8000-00000000000a';
SELECT is(
    (SELECT array_agg(format('%s %s', iss.severity, iss.reason) ORDER BY iss.severity, iss.reason) FROM commerce.ingest_issues AS iss),
    ARRAY['reject bad_encoding', 'warn no_item'], 'Bytes that could not be read are told only where they cost the row'
);
SELECT is(
    (SELECT array_agg(scp.scope_value ORDER BY scp.scope_value) FROM commerce.access_scope AS scp WHERE scp.scope_kind = 'shop'),
    ARRAY['a', 'b', NULL], 'One may be given the rows of each shop that there is'
);
SELECT is(count(*), 3::bigint, 'An upload without a shop makes no scope') FROM commerce.access_scope;

-- of orders files registered at the same instant the later one stands for the run
INSERT INTO commerce.csv_uploads (id, shop_id, run_id, filename, csv_type, status, created_at, error_code) VALUES
('00000000-0000-4000-8000-0000000000f1', 'c', 'r', 'x', 'orders', 'completed', '2025-01-01', NULL),
('00000000-0000-4000-8000-0000000000f2', 'c', 'r', 'x', 'orders', 'completed', '2025-01-01', NULL),
('00000000-0000-4000-8000-0000000000f3', 'c', 'r', 'x', 'orders', 'failed', '2025-01-02', 'empty_file'),
('00000000-0000-4000-8000-0000000000f4', 'c', 'r', 'x', 'orders', 'completed', '2024-12-31', NULL);
SELECT is(
    (SELECT array_agg(DISTINCT right(upl.canonical_upload_id::text, 2)) FROM commerce.upload AS upl WHERE upl.shop_id = 'c'),
    ARRAY['f2'], 'Newest that did not fail, then the one registered last'
);
SELECT is(
    (SELECT array_agg(right(upl.canonical_upload_id::text, 2)) FROM commerce.upload AS upl WHERE upl.shop_id IS NULL),
    ARRAY['0c'], 'Without orders an upload stands for itself'
);

SELECT * FROM finish();
ROLLBACK;
