-- clinical.judge_imports()
-- Says of each row of an import of trackers what is wrong with it, or what it changes.
-- requires: clinical.first_unknown_key(), clinical.tracker_fields(), clinical.tracker_field_code()
-- source:   docs/clinical_writes.md, "Importing trackers"

CREATE OR REPLACE FUNCTION clinical.judge_imports(p_reporting_effort_id integer, p_rows jsonb)
RETURNS TABLE (row_no integer, tracker_id numeric, error_code text, error_field text, changes jsonb, is_unchanged boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH field AS MATERIALIZED (
        SELECT
            named.field_no,
            named.field,
            fld.field AS column_name,
            CASE WHEN fld.kind = 'user' THEN 'name' ELSE fld.kind END AS kind,
            fld.words
        FROM unnest(
            '{production_programmer_username,production_status,qc_programmer_username,qc_status,priority,due_date,qc_completion_date}'::text[]
        ) WITH ORDINALITY AS named (field, field_no)
        INNER JOIN clinical.tracker_fields() AS fld ON replace(named.field, '_username', '_id') = fld.field
    ),

    given AS (
        SELECT
            row.no::integer AS row_no,
            row.value AS cells,
            jsonb_typeof(row.value) = 'object' AS is_object,
            CASE WHEN jsonb_typeof(row.value -> 'item_code') = 'string' THEN row.value ->> 'item_code' END AS item_code,
            CASE WHEN jsonb_typeof(row.value -> 'item_type') = 'string' THEN nullif(row.value ->> 'item_type', '') END AS item_type,
            CASE WHEN jsonb_typeof(row.value -> 'item_subtype') = 'string' THEN nullif(row.value ->> 'item_subtype', '') END AS item_subtype,
            clinical.first_unknown_key(
                row.value, ARRAY['item_code', 'item_type', 'item_subtype'] || ARRAY(SELECT fld.field FROM field AS fld)
            ) AS unknown_key,
            (
                SELECT key.name FROM unnest('{item_code,item_type,item_subtype}'::text[]) WITH ORDINALITY AS key (name, place)
                WHERE jsonb_typeof(row.value -> key.name) NOT IN ('string', 'null')
                ORDER BY key.place
                LIMIT 1
            ) AS invalid_key
        FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS row (value, no)
    ),

    matched AS (
        SELECT
            giv.row_no,
            giv.cells,
            giv.is_object,
            giv.unknown_key,
            giv.invalid_key,
            own.item_count,
            trk.id AS tracker_id,
            to_jsonb(trk) AS was,
            row_number() OVER (PARTITION BY trk.id ORDER BY giv.row_no) > 1 AS is_repeated
        FROM given AS giv
        CROSS JOIN LATERAL (
            SELECT
                count(*) AS item_count,
                min(itm.id) AS item_id
            FROM clinical.reporting_effort_items AS itm
            WHERE itm.reporting_effort_id = p_reporting_effort_id
                AND itm.item_code = giv.item_code COLLATE "C"
                AND itm.item_type = coalesce(giv.item_type, itm.item_type)
                AND itm.item_subtype = coalesce(giv.item_subtype, itm.item_subtype)
        ) AS own
        LEFT JOIN clinical.reporting_effort_item_tracker AS trk ON own.item_count = 1 AND own.item_id = trk.reporting_effort_item_id
    ),

    keyed AS (
        SELECT
            mat.row_no,
            mat.cells,
            mat.unknown_key,
            mat.invalid_key,
            mat.tracker_id,
            mat.was,
            CASE
                WHEN NOT mat.is_object THEN 'row_not_object'
                WHEN mat.unknown_key IS NOT NULL THEN 'field_unknown'
                WHEN coalesce(mat.cells -> 'item_code', 'null') = 'null' THEN 'field_missing'
                WHEN mat.invalid_key IS NOT NULL THEN 'value_invalid'
                WHEN mat.item_count = 0 THEN 'item_not_found'
                WHEN mat.item_count > 1 THEN 'item_ambiguous'
                WHEN mat.tracker_id IS NULL THEN 'tracker_missing'
                WHEN mat.is_repeated THEN 'tracker_duplicate'
            END AS key_code
        FROM matched AS mat
    )

    SELECT
        key.row_no,
        CASE WHEN coalesce(key.key_code, 'tracker_duplicate') = 'tracker_duplicate' THEN key.tracker_id END::numeric AS tracker_id,
        coalesce(key.key_code, val.code) AS error_code,
        CASE key.key_code
            WHEN 'row_not_object' THEN NULL
            WHEN 'field_unknown' THEN key.unknown_key
            WHEN 'value_invalid' THEN key.invalid_key
            ELSE CASE WHEN key.key_code IS NULL THEN val.field ELSE 'item_code' END
        END AS error_field,
        val.changes,
        key.was @> val.changes AS is_unchanged
    FROM keyed AS key
    CROSS JOIN LATERAL (
        SELECT
            (array_agg(own.field ORDER BY own.field_no) FILTER (WHERE own.code IS NOT NULL))[1] AS field,
            (array_agg(own.code ORDER BY own.field_no) FILTER (WHERE own.code IS NOT NULL))[1] AS code,
            coalesce(jsonb_object_agg(own.column_name, own.value), '{}') AS changes
        FROM (
            SELECT
                fld.field_no,
                fld.field,
                fld.column_name,
                CASE fld.kind WHEN 'name' THEN to_jsonb(usr.id) ELSE key.cells -> fld.field END AS value,
                clinical.tracker_field_code(
                    fld.kind, TRUE, fld.words, key.cells -> fld.field, usr.id IS NOT NULL,
                    usr.is_active OR key.was -> fld.column_name = to_jsonb(usr.id)
                ) AS code
            FROM field AS fld
            LEFT JOIN clinical.users AS usr ON fld.kind = 'name' AND key.cells ->> fld.field = usr.username
            -- what is empty leaves the tracker as it is
            WHERE key.key_code IS NULL AND key.cells ? fld.field AND key.cells -> fld.field NOT IN ('null', '""')
        ) AS own
    ) AS val;
END;

COMMENT ON FUNCTION clinical.judge_imports IS
'As clinical.judge_tracker_updates(), for rows that name an item by its code and programmers by their names.';

REVOKE ALL ON FUNCTION clinical.judge_imports FROM PUBLIC;
