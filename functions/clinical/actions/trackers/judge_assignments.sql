-- clinical.judge_assignments()
-- Says of each row of an assignment of many programmers what is wrong with it, or what it changes.
-- requires: clinical.integer_of(), clinical.is_integer(), clinical.first_unknown_key()
-- source:   docs/clinical_writes.md, "Many programmers at once"

CREATE OR REPLACE FUNCTION clinical.judge_assignments(p_rows jsonb)
RETURNS TABLE (row_no integer, tracker_id numeric, error_code text, error_field text, changes jsonb, is_unchanged boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH given AS (
        SELECT
            row.no::integer AS row_no,
            row.value AS cells,
            row.value -> 'tracker_id' AS tracker_cell,
            row.value -> 'user_id' AS user_cell,
            row.value -> 'role' AS role_cell,
            clinical.first_unknown_key(row.value, '{tracker_id,user_id,role}') AS unknown_key
        FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS row (value, no)
    ),

    found AS (
        SELECT
            giv.row_no,
            trk.id AS known_tracker_id,
            usr.id AS known_user_id,
            giv.unknown_key,
            CASE WHEN clinical.is_integer(giv.tracker_cell) THEN (giv.tracker_cell #>> '{}')::numeric END AS tracker_id,
            jsonb_typeof(giv.cells) = 'object' AS is_object,
            CASE
                WHEN coalesce(giv.tracker_cell, 'null') = 'null' THEN 'tracker_id'
                WHEN coalesce(giv.user_cell, 'null') = 'null' THEN 'user_id'
                WHEN coalesce(giv.role_cell, 'null') = 'null' THEN 'role'
            END AS missing_key,
            CASE
                WHEN NOT clinical.is_integer(giv.tracker_cell) THEN 'tracker_id'
                WHEN NOT clinical.is_integer(giv.user_cell) THEN 'user_id'
                WHEN jsonb_typeof(giv.role_cell) <> 'string' THEN 'role'
            END AS invalid_key,
            giv.role_cell #>> '{}' IN ('production', 'qc') AS is_role,
            usr.is_active OR usr.id = CASE giv.role_cell #>> '{}'
                WHEN 'production' THEN trk.production_programmer_id
                WHEN 'qc' THEN trk.qc_programmer_id
            END AS user_may_be_named,
            row_number() OVER (
                PARTITION BY giv.tracker_cell, giv.role_cell, giv.tracker_cell IS NULL OR giv.role_cell IS NULL ORDER BY giv.row_no
            ) > 1 AS is_repeated,
            jsonb_build_object(coalesce(giv.role_cell #>> '{}', '') || '_programmer_id', giv.user_cell) AS changes,
            to_jsonb(trk) AS was
        FROM given AS giv
        LEFT JOIN clinical.reporting_effort_item_tracker AS trk ON clinical.integer_of(giv.tracker_cell) = trk.id
        LEFT JOIN clinical.users AS usr ON clinical.integer_of(giv.user_cell) = usr.id
    ),

    judged AS (
        SELECT
            fnd.row_no,
            fnd.tracker_id,
            fnd.unknown_key,
            fnd.missing_key,
            fnd.invalid_key,
            fnd.changes,
            fnd.was,
            CASE
                WHEN NOT fnd.is_object THEN 'row_not_object'
                WHEN fnd.unknown_key IS NOT NULL THEN 'field_unknown'
                WHEN fnd.missing_key IS NOT NULL THEN 'field_missing'
                WHEN fnd.invalid_key IS NOT NULL THEN 'value_invalid'
                WHEN fnd.known_tracker_id IS NULL THEN 'tracker_not_found'
                WHEN fnd.known_user_id IS NULL THEN 'user_not_found'
                WHEN NOT fnd.is_role THEN 'role_invalid'
                WHEN fnd.user_may_be_named IS NOT TRUE THEN 'user_inactive'
                WHEN fnd.is_repeated THEN 'assignment_duplicate'
            END AS error_code
        FROM found AS fnd
    )

    SELECT
        jud.row_no,
        jud.tracker_id,
        jud.error_code,
        CASE jud.error_code
            WHEN 'field_unknown' THEN jud.unknown_key
            WHEN 'field_missing' THEN jud.missing_key
            WHEN 'value_invalid' THEN jud.invalid_key
            WHEN 'tracker_not_found' THEN 'tracker_id'
            WHEN 'user_not_found' THEN 'user_id'
            WHEN 'role_invalid' THEN 'role'
            WHEN 'user_inactive' THEN 'user_id'
            WHEN 'assignment_duplicate' THEN 'tracker_id'
        END AS error_field,
        jud.changes,
        jud.was @> jud.changes AS is_unchanged
    FROM judged AS jud;
END;

COMMENT ON FUNCTION clinical.judge_assignments IS
'As clinical.judge_tracker_updates(), for rows with tracker_id, user_id and role.';

REVOKE ALL ON FUNCTION clinical.judge_assignments FROM PUBLIC;
