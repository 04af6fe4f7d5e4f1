-- clinical.items_with_texts()
-- Turns the texts of judged rows into text elements, and gives the rows as the functions that write items take them.
-- requires: clinical.make_texts(), clinical.norm(), clinical.is_blank(), clinical.integer_of()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.items_with_texts(p_item_type text, p_judged jsonb, OUT items jsonb, OUT new_text_ids jsonb)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_texts jsonb;
    v_ids jsonb;
BEGIN
    -- every text of every row, in the order in which the rows name them
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'place', own.place, 'row_no', own.row_no, 'field', own.field, 'type', own.type, 'label', own.label
    ) ORDER BY own.place), '[]')
    INTO v_texts
    FROM (
        SELECT
            jud.row_no,
            fld.field,
            fld.type,
            txt.value #>> '{}' AS label,
            row_number() OVER (ORDER BY jud.row_no, fld.field_no, txt.no) AS place
        FROM jsonb_to_recordset(p_judged) AS jud (row_no integer, cells jsonb)
        CROSS JOIN (
            VALUES
            (1, 'title', 'title'), (2, 'population_flag', 'population_set'), (3, 'ich_category', 'ich_category'),
            (4, 'footnotes', 'footnote'), (5, 'acronyms', 'acronyms_set')
        ) AS fld (field_no, field, type)
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(jud.cells -> fld.field)
            WHEN 'array' THEN jud.cells -> fld.field WHEN 'string' THEN jsonb_build_array(jud.cells -> fld.field) ELSE '[]'
        END) WITH ORDINALITY AS txt (value, no)
        WHERE p_item_type = 'TLF' AND NOT clinical.is_blank(txt.value #>> '{}')
    ) AS own;
    SELECT
        mak.new_ids,
        mak.ids
    INTO new_text_ids, v_ids
    FROM clinical.make_texts(v_texts) AS mak;
    WITH linked AS (
        SELECT
            txt.row_no,
            jsonb_object_agg(txt.field || '_id', txt.id) FILTER (WHERE txt.field NOT IN ('footnotes', 'acronyms')) AS single,
            jsonb_agg(jsonb_build_object('footnote_id', txt.id, 'sequence_number', txt.no) ORDER BY txt.no)
                FILTER (WHERE txt.field = 'footnotes') AS footnotes,
            jsonb_agg(txt.id ORDER BY txt.no) FILTER (WHERE txt.field = 'acronyms') AS acronyms
        FROM (
            SELECT
                own.row_no,
                own.field,
                v_ids -> (own.type || ' ' || clinical.norm(own.label)) AS id,
                row_number() OVER (PARTITION BY own.row_no, own.field ORDER BY own.place) AS no
            FROM jsonb_to_recordset(v_texts) AS own (place integer, row_no integer, field text, type text, label text)
        ) AS txt
        GROUP BY txt.row_no
    )

    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'row_no', jud.row_no,
        'item_type', p_item_type,
        'item_subtype', jud.cells -> 'item_subtype',
        'item_code', jud.cells -> 'item_code',
        'source_type', 'bulk_upload',
        'is_active', TRUE,
        'details', CASE p_item_type WHEN 'TLF' THEN coalesce(lnk.single, '{}') ELSE jud.cells - 'item_subtype' - 'item_code' END,
        'footnotes', coalesce(lnk.footnotes, '[]'),
        'acronyms', coalesce(lnk.acronyms, '[]')
    )), '[]')
    INTO items
    FROM jsonb_to_recordset(p_judged) AS jud (row_no integer, cells jsonb)
    LEFT JOIN linked AS lnk ON jud.row_no = lnk.row_no;
END;
$$;

COMMENT ON FUNCTION clinical.items_with_texts IS
'p_judged: rows of clinical.judge_items() without errors. A blank title, population or category is none; footnotes are numbered in their order.';

REVOKE ALL ON FUNCTION clinical.items_with_texts FROM PUBLIC;
