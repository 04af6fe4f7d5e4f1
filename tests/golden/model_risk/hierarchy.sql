-- The import of the hierarchy: the answer to each file, its preview, and the units it leaves.

-- name: imports/hierarchy/cases.csv
-- key: case_id, dry_run
SELECT
    case_id, dry_run, file, description, http_status, created_count, updated_count, skipped_count, detected_columns,
    max_depth, errors
FROM answer;

-- name: imports/hierarchy/expected_preview.csv
-- key: case_id, action, seq
SELECT case_id, action, seq, code, name, org_unit, level, parent_code, updates FROM previewed;

-- name: imports/hierarchy/expected_lob_units_after.csv
-- key: case_id, org_unit
SELECT unit_after.* FROM unit_after;
