-- What the write functions of clinical must answer, and what must be in the tables, the log and the events afterwards.

-- name: expected_assign.csv
-- key: case_id
-- reads: requests/assign_requests.csv (case_id, tracker_id)
SELECT
    exp.case_id,
    tri.answer ->> 'status' AS outcome,
    now.row ->> 'production_programmer_id' AS production_programmer_id,
    now.row ->> 'qc_programmer_id' AS qc_programmer_id,
    now.row ->> 'production_status' AS production_status,
    now.row ->> 'qc_status' AS qc_status,
    exp.oracle
FROM expected_assign AS exp
INNER JOIN tried AS tri ON tri.op = 'assign' AND exp.case_id = tri.case_id
INNER JOIN assign_requests AS req ON exp.case_id = req.case_id
LEFT JOIN LATERAL (
    SELECT coalesce(
        (SELECT chg.value FROM jsonb_array_elements(tri.trackers) AS chg WHERE chg.value ->> 'id' = req.tracker_id),
        (SELECT to_jsonb(bas) FROM base_tracker AS bas WHERE bas.id::text = req.tracker_id)
    ) AS row
) AS now ON TRUE;

-- name: expected_bulk_update_batches.csv
-- key: batch_id
SELECT
    exp.batch_id,
    tri.answer ->> 'status' AS status,
    tri.answer ->> 'code' AS code,
    tri.answer ->> 'row_count' AS n_rows,
    tri.answer ->> 'updated_count' AS n_updated,
    tri.answer ->> 'unchanged_count' AS n_unchanged,
    tri.answer ->> 'error_count' AS n_errors,
    coalesce(jsonb_array_length(tri.trackers), 0) AS n_trackers_changed,
    jsonb_array_length(tri.events) AS n_events,
    jsonb_array_length(tri.entries) AS n_audit_rows,
    exp.oracle,
    exp.reference_http_status,
    exp.reference_trackers_changed
FROM expected_bulk_update_batches AS exp
INNER JOIN tried AS tri ON tri.op = 'bulk_update' AND exp.batch_id = tri.case_id;

-- name: expected_bulk_update_rows.csv
-- key: batch_id, row_no
SELECT
    tri.case_id AS batch_id,
    row.row_no,
    row.tracker_id,
    row.outcome,
    row.error_code,
    row.error_field
FROM tried AS tri
CROSS JOIN LATERAL jsonb_to_recordset(tri.answer -> 'row_results')
    AS row (row_no integer, tracker_id numeric, outcome text, error_code text, error_field text)
WHERE tri.op = 'bulk_update';

-- name: expected_bulk_update_state.csv
-- key: batch_id, tracker_id
SELECT
    tri.case_id AS batch_id,
    trk.id AS tracker_id,
    trk.production_programmer_id,
    trk.qc_programmer_id,
    trk.production_status,
    trk.qc_status,
    trk.due_date,
    trk.qc_completion_date,
    trk.priority,
    trk.qc_level,
    trk.in_production_flag
FROM tried AS tri
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::clinical.reporting_effort_item_tracker, tri.trackers) AS trk
WHERE tri.op = 'bulk_update';

-- name: expected_bulk_update_events.csv
-- key: batch_id, room, tracker_id
SELECT
    tri.case_id AS batch_id,
    room.key AS room,
    obj.key AS tracker_id,
    CASE WHEN exp.delta::jsonb = obj.value THEN exp.delta ELSE obj.value::text END AS delta
FROM tried AS tri
CROSS JOIN LATERAL jsonb_array_elements(tri.events) AS chg
CROSS JOIN LATERAL jsonb_each(chg.value -> 'payload' -> 'rooms') AS room
CROSS JOIN LATERAL jsonb_each(room.value) AS obj
LEFT JOIN expected_bulk_update_events AS exp ON (tri.case_id, room.key, obj.key) = (exp.batch_id, exp.room, exp.tracker_id)
WHERE tri.op = 'bulk_update';

-- name: expected_bulk_assign_batches.csv
-- key: batch_id
SELECT
    exp.batch_id,
    tri.answer ->> 'status' AS status,
    tri.answer ->> 'code' AS code,
    tri.answer ->> 'row_count' AS n_rows,
    tri.answer ->> 'updated_count' AS n_updated,
    tri.answer ->> 'unchanged_count' AS n_unchanged,
    tri.answer ->> 'error_count' AS n_errors,
    coalesce(jsonb_array_length(tri.trackers), 0) AS n_trackers_changed,
    jsonb_array_length(tri.events) AS n_events,
    jsonb_array_length(tri.entries) AS n_audit_rows,
    exp.oracle,
    exp.reference_http_status,
    exp.reference_trackers_changed
FROM expected_bulk_assign_batches AS exp
INNER JOIN tried AS tri ON tri.op = 'bulk_assign' AND exp.batch_id = tri.case_id;

-- name: expected_bulk_assign_rows.csv
-- key: batch_id, row_no
SELECT
    tri.case_id AS batch_id,
    row.row_no,
    row.tracker_id,
    row.outcome,
    row.error_code,
    row.error_field
FROM tried AS tri
CROSS JOIN LATERAL jsonb_to_recordset(tri.answer -> 'row_results')
    AS row (row_no integer, tracker_id numeric, outcome text, error_code text, error_field text)
WHERE tri.op = 'bulk_assign';

-- name: expected_bulk_assign_state.csv
-- key: batch_id, tracker_id
SELECT
    tri.case_id AS batch_id,
    trk.id AS tracker_id,
    trk.production_programmer_id,
    trk.qc_programmer_id,
    trk.production_status,
    trk.qc_status,
    trk.due_date,
    trk.qc_completion_date,
    trk.priority,
    trk.qc_level,
    trk.in_production_flag
FROM tried AS tri
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::clinical.reporting_effort_item_tracker, tri.trackers) AS trk
WHERE tri.op = 'bulk_assign';

-- name: expected_bulk_assign_events.csv
-- key: batch_id, room, tracker_id
SELECT
    tri.case_id AS batch_id,
    room.key AS room,
    obj.key AS tracker_id,
    CASE WHEN exp.delta::jsonb = obj.value THEN exp.delta ELSE obj.value::text END AS delta
FROM tried AS tri
CROSS JOIN LATERAL jsonb_array_elements(tri.events) AS chg
CROSS JOIN LATERAL jsonb_each(chg.value -> 'payload' -> 'rooms') AS room
CROSS JOIN LATERAL jsonb_each(room.value) AS obj
LEFT JOIN expected_bulk_assign_events AS exp ON (tri.case_id, room.key, obj.key) = (exp.batch_id, exp.room, exp.tracker_id)
WHERE tri.op = 'bulk_assign';

-- name: expected_import_batches.csv
-- key: batch_id
SELECT
    exp.batch_id,
    tri.answer ->> 'status' AS status,
    tri.answer ->> 'code' AS code,
    tri.answer ->> 'row_count' AS n_rows,
    tri.answer ->> 'updated_count' AS n_updated,
    tri.answer ->> 'unchanged_count' AS n_unchanged,
    tri.answer ->> 'error_count' AS n_errors,
    coalesce(jsonb_array_length(tri.trackers), 0) AS n_trackers_changed,
    jsonb_array_length(tri.events) AS n_events,
    jsonb_array_length(tri.entries) AS n_audit_rows,
    exp.oracle,
    exp.reference_http_status,
    exp.reference_trackers_changed
FROM expected_import_batches AS exp
INNER JOIN tried AS tri ON tri.op = 'import' AND exp.batch_id = tri.case_id;

-- name: expected_import_rows.csv
-- key: batch_id, row_no
SELECT
    tri.case_id AS batch_id,
    row.row_no,
    row.tracker_id,
    row.outcome,
    row.error_code,
    row.error_field
FROM tried AS tri
CROSS JOIN LATERAL jsonb_to_recordset(tri.answer -> 'row_results')
    AS row (row_no integer, tracker_id numeric, outcome text, error_code text, error_field text)
WHERE tri.op = 'import';

-- name: expected_import_state.csv
-- key: batch_id, tracker_id
SELECT
    tri.case_id AS batch_id,
    trk.id AS tracker_id,
    trk.production_programmer_id,
    trk.qc_programmer_id,
    trk.production_status,
    trk.qc_status,
    trk.due_date,
    trk.qc_completion_date,
    trk.priority,
    trk.qc_level,
    trk.in_production_flag
FROM tried AS tri
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::clinical.reporting_effort_item_tracker, tri.trackers) AS trk
WHERE tri.op = 'import';

-- name: expected_import_events.csv
-- key: batch_id, room, tracker_id
SELECT
    tri.case_id AS batch_id,
    room.key AS room,
    obj.key AS tracker_id,
    CASE WHEN exp.delta::jsonb = obj.value THEN exp.delta ELSE obj.value::text END AS delta
FROM tried AS tri
CROSS JOIN LATERAL jsonb_array_elements(tri.events) AS chg
CROSS JOIN LATERAL jsonb_each(chg.value -> 'payload' -> 'rooms') AS room
CROSS JOIN LATERAL jsonb_each(room.value) AS obj
LEFT JOIN expected_import_events AS exp ON (tri.case_id, room.key, obj.key) = (exp.batch_id, exp.room, exp.tracker_id)
WHERE tri.op = 'import';

-- name: expected_bulk_create_batches.csv
-- key: batch_id
SELECT
    exp.batch_id,
    tri.answer ->> 'status' AS status,
    tri.answer ->> 'code' AS code,
    tri.answer ->> 'row_count' AS n_rows,
    coalesce(jsonb_array_length(tri.items), 0) AS n_created,
    tri.answer ->> 'error_count' AS n_errors,
    coalesce(jsonb_array_length(tri.texts), 0) AS n_new_text_elements,
    jsonb_array_length(tri.events) AS n_events,
    jsonb_array_length(tri.entries) AS n_audit_rows,
    exp.oracle,
    exp.reference_http_status,
    exp.reference_items_created,
    exp.reference_text_elements_created
FROM expected_bulk_create_batches AS exp
INNER JOIN tried AS tri ON tri.op = 'bulk_create' AND exp.batch_id = tri.case_id
-- the answer counts what was made, and every item has its tracker
WHERE (tri.answer ->> 'created_count')::integer = coalesce(jsonb_array_length(tri.items), 0)
    AND (tri.answer ->> 'new_text_count')::integer = coalesce(jsonb_array_length(tri.texts), 0)
    AND NOT jsonb_path_exists(coalesce(tri.items, '[]'), '$[*] ? (@.trackers != 1 || @.source_type != "bulk_upload" || @.is_active != true)');

-- name: expected_bulk_create_rows.csv
-- key: batch_id, row_no
SELECT
    tri.case_id AS batch_id,
    row.row_no,
    row.outcome,
    row.error_code,
    row.error_field
FROM tried AS tri
CROSS JOIN LATERAL jsonb_to_recordset(tri.answer -> 'row_results') AS row (row_no integer, outcome text, error_code text, error_field text)
WHERE tri.op = 'bulk_create';

-- name: expected_bulk_create_items.csv
-- key: batch_id, row_no
SELECT
    tri.case_id AS batch_id,
    row.row_no,
    itm.item_type,
    itm.item_subtype,
    itm.item_code,
    itm.title,
    itm.population,
    itm.ich_category,
    CASE WHEN exp.footnotes::jsonb = itm.footnotes THEN exp.footnotes ELSE itm.footnotes::text END AS footnotes,
    -- a set: the links have no order
    CASE WHEN exp.acronyms::jsonb @> itm.acronyms AND exp.acronyms::jsonb <@ itm.acronyms THEN exp.acronyms ELSE itm.acronyms::text END AS acronyms,
    itm.dataset_label,
    itm.sorting_order,
    itm.dataset_acronyms
FROM tried AS tri
CROSS JOIN LATERAL jsonb_to_recordset(tri.items) AS itm (
    id integer, item_type text, item_subtype text, item_code text, title text, population text, ich_category text, footnotes jsonb,
    acronyms jsonb, dataset_label text, sorting_order integer, dataset_acronyms text
)
INNER JOIN LATERAL jsonb_to_recordset(tri.answer -> 'row_results') AS row (row_no integer, item_id integer) ON itm.id = row.item_id
LEFT JOIN expected_bulk_create_items AS exp ON (tri.case_id, row.row_no::text) = (exp.batch_id, exp.row_no)
WHERE tri.op = 'bulk_create';

-- name: expected_bulk_create_text_elements.csv
-- key: batch_id, type, label
SELECT
    tri.case_id AS batch_id,
    txt.type,
    txt.label
FROM tried AS tri
CROSS JOIN LATERAL jsonb_to_recordset(tri.texts) AS txt (type text, label text)
WHERE tri.op = 'bulk_create';

-- name: expected_copy.csv
-- key: case_id
SELECT
    exp.case_id,
    tri.answer ->> 'status' AS outcome,
    tri.answer ->> 'attempted_count' AS total_attempted,
    tri.answer ->> 'created_count' AS created_count,
    tri.answer ->> 'skipped_count' AS skipped_count,
    CASE WHEN tri.answer ->> 'status' = 'ok' THEN (tri.counts ->> 'reporting_effort_tlf_details')::integer - (bas.counts ->> 'reporting_effort_tlf_details')::integer END AS n_tlf_details,
    CASE WHEN tri.answer ->> 'status' = 'ok' THEN (tri.counts ->> 'reporting_effort_dataset_details')::integer - (bas.counts ->> 'reporting_effort_dataset_details')::integer END AS n_dataset_details,
    CASE WHEN tri.answer ->> 'status' = 'ok' THEN (tri.counts ->> 'reporting_effort_item_footnotes')::integer - (bas.counts ->> 'reporting_effort_item_footnotes')::integer END AS n_footnotes,
    CASE WHEN tri.answer ->> 'status' = 'ok' THEN (tri.counts ->> 'reporting_effort_item_acronyms')::integer - (bas.counts ->> 'reporting_effort_item_acronyms')::integer END AS n_acronyms,
    CASE WHEN tri.answer ->> 'status' = 'ok' THEN (tri.counts ->> 'reporting_effort_item_tracker')::integer - (bas.counts ->> 'reporting_effort_item_tracker')::integer END AS n_trackers,
    jsonb_array_length(tri.events) AS n_events,
    exp.oracle,
    exp.reference_http_status
FROM expected_copy AS exp
INNER JOIN tried AS tri ON tri.op = 'copy' AND exp.case_id = tri.case_id
CROSS JOIN base_count AS bas;

-- name: expected_copy_rows.csv
-- key: case_id, source_item_id
SELECT
    tri.case_id,
    row.source_item_id,
    row.item_type,
    row.item_subtype,
    row.item_code,
    row.outcome,
    row.reason,
    itm.is_active
FROM tried AS tri
CROSS JOIN LATERAL jsonb_to_recordset(tri.answer -> 'row_results') AS row (
    source_item_id integer, item_id integer, item_type text, item_subtype text, item_code text, outcome text, reason text
)
LEFT JOIN LATERAL jsonb_to_recordset(tri.items) AS itm (id integer, is_active boolean, source_item_id integer)
    ON row.item_id = itm.id AND row.source_item_id = itm.source_item_id
WHERE tri.op = 'copy';

-- name: expected_delete.csv
-- key: case_id
SELECT
    exp.case_id,
    CASE tri.answer ->> 'status' WHEN 'ok' THEN 'deleted' ELSE tri.answer ->> 'status' END AS outcome,
    tri.answer ->> 'blocking_count' AS blocking_count,
    CASE
        WHEN exp.rows_deleted::jsonb = gone.counts AND tri.answer -> 'rows_deleted' = gone.counts THEN exp.rows_deleted
        ELSE gone.counts::text
    END AS rows_deleted,
    CASE WHEN exp.assignments_cleared IS NOT NULL THEN (
        SELECT count(*) FILTER (WHERE bas.production_programmer_id IS DISTINCT FROM trk.production_programmer_id)
            + count(*) FILTER (WHERE bas.qc_programmer_id IS DISTINCT FROM trk.qc_programmer_id)
        FROM jsonb_populate_recordset(NULL::clinical.reporting_effort_item_tracker, tri.trackers) AS trk
        INNER JOIN base_tracker AS bas ON trk.id = bas.id
    ) END AS assignments_cleared,
    exp.oracle,
    exp.reference_http_status,
    exp.reference_rows_deleted
FROM expected_delete AS exp
INNER JOIN tried AS tri ON tri.op = 'delete' AND exp.case_id = tri.case_id
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_object_agg(was.key, was.value::integer - (tri.counts ->> was.key)::integer), '{}') AS counts
    FROM base_count AS bas
    CROSS JOIN LATERAL jsonb_each_text(bas.counts) AS was
    WHERE was.value::integer > (tri.counts ->> was.key)::integer
) AS gone;

-- name: expected_tags.csv
-- key: case_id
SELECT
    exp.case_id,
    tri.answer ->> 'status' AS outcome,
    CASE WHEN abs((tri.counts ->> 'tracker_item_tags')::integer - (bas.counts ->> 'tracker_item_tags')::integer)
        = (tri.answer ->> 'affected_count')::integer THEN tri.answer ->> 'affected_count' END AS affected_count,
    exp.oracle,
    exp.reference_http_status
FROM expected_tags AS exp
INNER JOIN tried AS tri ON tri.op = 'tag' AND exp.case_id = tri.case_id
CROSS JOIN base_count AS bas;

-- name: expected_comments.csv
-- key: seq
SELECT
    sai.seq,
    sai.outcome,
    sai.unresolved_count,
    sai.total_comments,
    exp.oracle
FROM said AS sai
LEFT JOIN expected_comments AS exp ON sai.seq = exp.seq;
