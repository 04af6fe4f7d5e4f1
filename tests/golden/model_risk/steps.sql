-- What the golden imports of model_risk keep of each case. http_status: what a web service in front would answer.

-- name: prepare_hierarchy
CREATE TEMPORARY TABLE answer (
    case_id text, dry_run text, file text, description text, http_status integer, created_count integer,
    updated_count integer, skipped_count integer, detected_columns text, max_depth text, errors text, upload_id bigint
);
CREATE TEMPORARY TABLE previewed (
    case_id text, action text, seq bigint, code text, name text, org_unit text, level text, parent_code text, updates text
);
CREATE TEMPORARY TABLE unit_after AS
SELECT ''::text AS case_id, lob.*, lob.org_unit AS parent_org_unit FROM model_risk.lob_units AS lob WHERE FALSE;

-- name: note_hierarchy
INSERT INTO answer
SELECT
    %(case_id)s, %(dry_run)s, %(file)s, %(description)s, answered.http_status,
    CASE WHEN answered.http_status = 200 THEN coalesce((upl.merge_result ->> 'created')::integer, 0) END,
    CASE WHEN answered.http_status = 200 THEN coalesce((upl.merge_result ->> 'updated')::integer, 0) END,
    CASE WHEN answered.http_status = 200 THEN coalesce((upl.merge_result ->> 'skipped')::integer, 0) END,
    CASE WHEN %(dry_run)s = 't' THEN nullif(upl.parameters ->> 'detected_columns', '') END,
    CASE WHEN %(dry_run)s = 't' THEN coalesce(upl.parameters ->> 'max_depth', '0') END,
    CASE WHEN upl.error_code = 'NO_HIERARCHY_COLUMNS' THEN upl.error_message ELSE (
        SELECT string_agg(iss.message, '|' ORDER BY iss.row_no, iss.column_name, iss.reason)
        FROM load.issue AS iss
        WHERE iss.upload_id = upl.upload_id
    ) END,
    upl.upload_id
FROM load.upload AS upl
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN upl.load_status <> 'failed' OR (upl.error_code = 'NO_HIERARCHY_COLUMNS' AND %(dry_run)s = 't') THEN 200
        WHEN upl.error_code = 'NO_HIERARCHY_COLUMNS' THEN 400
        WHEN upl.error_code = 'IMPORT_ERRORS' THEN 422
        WHEN upl.error_code = 'too_large' THEN 413
        ELSE 500
    END AS http_status
) AS answered
WHERE upl.upload_id = %(upload_id)s;

-- name: note_hierarchy_rows
INSERT INTO previewed
SELECT
    ans.case_id,
    out.outcome,
    row_number() OVER (PARTITION BY out.outcome ORDER BY out.seq),
    out.details ->> 'code',
    out.details ->> 'name',
    out.details ->> 'org_unit',
    out.details ->> 'level',
    out.details ->> 'parent_code',
    (out.details -> 'updates')::text
FROM answer AS ans
INNER JOIN load.outcome AS out ON ans.upload_id = out.upload_id
WHERE ans.case_id = %(case_id)s AND ans.dry_run = 't' AND %(dry_run)s = 't';

-- name: note_hierarchy_after
INSERT INTO unit_after
SELECT %(case_id)s, lob.*, par.org_unit
FROM model_risk.lob_units AS lob
LEFT JOIN model_risk.lob_units AS par ON lob.parent_id = par.lob_id
WHERE %(dry_run)s = 'f';

-- name: prepare_monitoring
CREATE TEMPORARY TABLE answer (
    case_id text, dry_run text, cycle_id text, file text, description text, http_status integer, error text,
    total_rows bigint, create_count integer, update_count integer, skip_count integer, error_count bigint, success text,
    upload_id bigint
);
CREATE TEMPORARY TABLE previewed (
    case_id text, row_number bigint, action text, model_id text, metric_id text, value double precision, outcome text,
    narrative text, error text
);
CREATE TEMPORARY TABLE result_after AS
SELECT ''::text AS case_id, res.* FROM model_risk.monitoring_results AS res WHERE FALSE;

-- name: note_monitoring
-- The golden zeros say that applying tells nothing of rejected rows; ours are counted in the upload.
INSERT INTO answer
SELECT
    %(case_id)s, %(dry_run)s, %(cycle_id)s, %(file)s, %(description)s,
    CASE
        WHEN given.sqlstate = 'P0002' THEN 404
        WHEN given.sqlstate = '55000' THEN 400
        WHEN given.sqlstate = '42501' THEN 403
        WHEN given.sqlstate IS NOT NULL THEN 500
        -- ours says that nothing was loaded, the golden answer only that it created and updated nothing
        WHEN upl.load_status <> 'failed' OR upl.error_code = 'all_rows_rejected' THEN 200
        WHEN upl.error_code = 'too_large' THEN 413
        ELSE 500
    END,
    %(message)s::text,
    CASE WHEN %(dry_run)s = 't' THEN upl.total_rows END,
    CASE WHEN upl.error_code = 'all_rows_rejected' THEN 0 ELSE (upl.merge_result ->> 'created')::integer END,
    CASE WHEN upl.error_code = 'all_rows_rejected' THEN 0 ELSE (upl.merge_result ->> 'updated')::integer END,
    CASE WHEN %(dry_run)s = 'f' AND upl.upload_id IS NOT NULL THEN 0 END,
    CASE WHEN upl.upload_id IS NULL THEN NULL WHEN %(dry_run)s = 't' THEN upl.rejected_rows ELSE 0 END,
    CASE WHEN %(dry_run)s = 'f' AND upl.upload_id IS NOT NULL THEN 't' END,
    upl.upload_id
FROM (SELECT %(upload_id)s::bigint AS upload_id, %(sqlstate)s::text AS sqlstate) AS given
LEFT JOIN load.upload AS upl ON given.upload_id = upl.upload_id;

-- name: note_monitoring_rows
INSERT INTO previewed
SELECT
    ans.case_id,
    out.seq,
    out.outcome,
    out.details ->> 'model_id',
    out.details ->> 'metric_id',
    (out.details ->> 'value')::double precision,
    out.details ->> 'outcome',
    out.details ->> 'narrative',
    out.details ->> 'error'
FROM answer AS ans
INNER JOIN load.outcome AS out ON ans.upload_id = out.upload_id
WHERE ans.case_id = %(case_id)s AND ans.dry_run = 't' AND %(dry_run)s = 't';

-- name: note_monitoring_after
INSERT INTO result_after
SELECT %(case_id)s, res.*
FROM model_risk.monitoring_results AS res
WHERE %(dry_run)s = 'f';
