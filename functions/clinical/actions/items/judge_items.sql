-- clinical.judge_items()
-- Says of each row of a list of new items what is wrong with it.
-- requires: clinical.first_unknown_key(), clinical.subtype_fits(), clinical.is_blank(), clinical.item_field_code()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.judge_items(p_reporting_effort_id integer, p_package_id integer, p_item_type text, p_rows jsonb)
RETURNS TABLE (row_no integer, error_code text, error_field text, cells jsonb)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH field AS MATERIALIZED (
        SELECT
            fld.field,
            fld.field_no,
            fld.field = 'title' AND p_package_id IS NOT NULL AS is_required
        FROM unnest(CASE
            WHEN p_item_type = 'TLF' THEN '{title,population_flag,ich_category,footnotes,acronyms}'::text[]
            WHEN p_package_id IS NULL THEN '{label,sorting_order,acronyms}'
            ELSE '{label,sorting_order}'
        END) WITH ORDINALITY AS fld (field, field_no)
    ),

    given AS (
        SELECT
            row.no::integer AS row_no,
            jsonb_typeof(row.value) = 'object' AS is_object,
            CASE WHEN jsonb_typeof(row.value) = 'object' THEN row.value ELSE '{}' END AS cells,
            CASE WHEN jsonb_typeof(row.value -> 'item_subtype') = 'string' THEN row.value ->> 'item_subtype' END AS item_subtype,
            CASE WHEN jsonb_typeof(row.value -> 'item_code') = 'string' THEN row.value ->> 'item_code' END AS item_code,
            clinical.first_unknown_key(
                row.value, ARRAY['item_subtype', 'item_code'] || ARRAY(SELECT fld.field FROM field AS fld)
            ) AS unknown_key
        FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS row (value, no)
    ),

    keyed AS (
        SELECT
            giv.*,
            row_number() OVER (PARTITION BY giv.item_subtype, giv.item_code COLLATE "C" ORDER BY giv.row_no) > 1 AS is_repeated,
            EXISTS (
                SELECT FROM clinical.reporting_effort_items AS itm
                WHERE (itm.reporting_effort_id, itm.item_type, itm.item_subtype, itm.item_code)
                    = (p_reporting_effort_id, p_item_type, giv.item_subtype, giv.item_code)
            ) OR EXISTS (
                SELECT FROM clinical.package_items AS itm
                WHERE (itm.package_id, itm.item_type, itm.item_subtype, itm.item_code)
                    = (p_package_id, p_item_type, giv.item_subtype, giv.item_code)
            ) AS is_taken
        FROM given AS giv
    )

    SELECT
        key.row_no,
        fir.code,
        fir.field,
        key.cells
    FROM keyed AS key
    LEFT JOIN LATERAL (
        SELECT
            own.code,
            own.field
        FROM (
            SELECT
                1 AS place,
                CASE WHEN NOT key.is_object THEN 'row_not_object' END AS code,
                NULL AS field
            UNION ALL
            SELECT 2, CASE WHEN key.unknown_key IS NOT NULL THEN 'field_unknown' END, key.unknown_key
            UNION ALL
            SELECT
                2 + req.place,
                CASE
                    WHEN coalesce(key.cells -> req.field, 'null') = 'null' THEN 'field_missing'
                    WHEN jsonb_typeof(key.cells -> req.field) <> 'string' THEN 'value_invalid'
                END,
                req.field
            FROM unnest('{item_subtype,item_code}'::text[]) WITH ORDINALITY AS req (field, place)
            UNION ALL
            SELECT 5, CASE WHEN NOT clinical.subtype_fits(p_item_type, key.item_subtype) THEN 'subtype_invalid' END, 'item_subtype'
            UNION ALL
            SELECT
                6, CASE WHEN clinical.is_blank(key.item_code) OR length(key.item_code) > 255 THEN 'value_invalid' END, 'item_code'
            UNION ALL
            SELECT
                6 + fld.field_no, clinical.item_field_code(p_item_type, fld.field, key.cells -> fld.field, fld.is_required), fld.field
            FROM field AS fld
            UNION ALL
            SELECT 20, CASE WHEN key.is_taken THEN 'item_exists' END, 'item_code'
            UNION ALL
            SELECT 21, CASE WHEN key.is_repeated THEN 'item_duplicate' END, 'item_code'
        ) AS own
        WHERE own.code IS NOT NULL
        ORDER BY own.place
        LIMIT 1
    ) AS fir ON TRUE;
END;

COMMENT ON FUNCTION clinical.judge_items IS
'One row per row, the first error of each, and the row as it was given. Either p_reporting_effort_id or p_package_id is NULL.';

REVOKE ALL ON FUNCTION clinical.judge_items FROM PUBLIC;
