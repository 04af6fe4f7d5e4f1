-- clinical.judge_tracker_updates()
-- Says of each row of an update of trackers what is wrong with it, or what it changes.
-- requires: clinical.integer_of(), clinical.is_integer(), clinical.first_unknown_key(), clinical.tracker_fields(), clinical.tracker_field_code()
-- source:   docs/clinical_writes.md, "Many trackers at once"

CREATE OR REPLACE FUNCTION clinical.judge_tracker_updates(p_rows jsonb)
RETURNS TABLE (row_no integer, tracker_id numeric, error_code text, error_field text, changes jsonb, is_unchanged boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH given AS (
        SELECT
            row.no::integer AS row_no,
            CASE WHEN jsonb_typeof(row.value) = 'object' THEN row.value ELSE '{}' END AS cells,
            jsonb_typeof(row.value) = 'object' AS is_object,
            coalesce(row.value -> 'tracker_id', row.value -> 'id') AS id_cell,
            coalesce(row.value -> 'tracker_id' <> row.value -> 'id', FALSE) AS ids_differ
        FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS row (value, no)
    ),

    found AS (
        SELECT
            giv.row_no,
            giv.cells,
            giv.is_object,
            giv.id_cell,
            giv.ids_differ,
            trk.id AS tracker_id,
            to_jsonb(trk) AS was,
            row_number() OVER (PARTITION BY trk.id ORDER BY giv.row_no) > 1 AS is_repeated
        FROM given AS giv
        LEFT JOIN clinical.reporting_effort_item_tracker AS trk
            ON NOT giv.ids_differ AND clinical.integer_of(giv.id_cell) = trk.id
    ),

    keyed AS (
        SELECT
            fnd.row_no,
            fnd.was,
            fnd.cells - 'tracker_id' - 'id' AS changes,
            CASE WHEN NOT fnd.ids_differ AND clinical.is_integer(fnd.id_cell) THEN (fnd.id_cell #>> '{}')::numeric END AS tracker_id,
            CASE
                WHEN NOT fnd.is_object THEN 'row_not_object'
                WHEN fnd.ids_differ THEN 'tracker_id_invalid'
                WHEN coalesce(fnd.id_cell, 'null') = 'null' THEN 'tracker_id_missing'
                WHEN NOT clinical.is_integer(fnd.id_cell) THEN 'tracker_id_invalid'
                WHEN fnd.tracker_id IS NULL THEN 'tracker_not_found'
                WHEN fnd.is_repeated THEN 'tracker_duplicate'
            END AS key_code,
            clinical.first_unknown_key(
                fnd.cells, ARRAY['tracker_id', 'id'] || ARRAY(SELECT fld.field FROM clinical.tracker_fields() AS fld)
            ) AS unknown_key
        FROM found AS fnd
    )

    SELECT
        key.row_no,
        key.tracker_id,
        coalesce(
            key.key_code,
            CASE WHEN key.unknown_key IS NOT NULL THEN 'field_unknown' WHEN key.changes = '{}' THEN 'no_fields' END,
            bad.code
        ) AS error_code,
        CASE
            WHEN key.key_code = 'row_not_object' THEN NULL
            WHEN key.key_code IS NOT NULL THEN 'tracker_id'
            ELSE coalesce(key.unknown_key, bad.field)
        END AS error_field,
        key.changes,
        key.was @> key.changes AS is_unchanged
    FROM keyed AS key
    LEFT JOIN LATERAL (
        SELECT
            fld.field,
            cod.code
        FROM clinical.tracker_fields() AS fld
        LEFT JOIN clinical.users AS usr ON fld.kind = 'user' AND clinical.integer_of(key.changes -> fld.field) = usr.id
        CROSS JOIN LATERAL (
            SELECT clinical.tracker_field_code(
                fld.kind, fld.is_nullable, fld.words, key.changes -> fld.field, usr.id IS NOT NULL,
                usr.is_active OR key.was -> fld.field = key.changes -> fld.field
            ) AS code
        ) AS cod
        WHERE key.key_code IS NULL AND key.unknown_key IS NULL AND key.changes ? fld.field AND cod.code IS NOT NULL
        ORDER BY fld.field_no
        LIMIT 1
    ) AS bad ON TRUE;
END;

COMMENT ON FUNCTION clinical.judge_tracker_updates IS
'One row per row, the first error of each. tracker_id: the id as given, if it is an integer. changes: new values by column; meaningful without error only, like is_unchanged: the tracker has these values.';

REVOKE ALL ON FUNCTION clinical.judge_tracker_updates FROM PUBLIC;
