-- clinical.make_many_items()
-- Makes many items of one type for a reporting effort or a package, all or none, and says what became of each row.
-- requires: clinical.payload_code(), clinical.judge_items(), clinical.items_with_texts(), clinical.write_items(), clinical.write_package_items()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.make_many_items(
    p_code text, p_reporting_effort_id integer, p_package_id integer, p_item_type text, p_rows jsonb,
    OUT status text, OUT code text, OUT row_count integer, OUT created_count integer, OUT error_count integer, OUT new_text_count integer,
    OUT row_results jsonb, OUT made jsonb, OUT counted jsonb
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_judged jsonb;
    v_items jsonb;
    v_new_texts jsonb := '[]'::jsonb;
BEGIN
    made := '[]';
    code := CASE
        WHEN p_code IS NOT NULL THEN p_code
        WHEN coalesce(p_item_type NOT IN ('TLF', 'Dataset'), TRUE) THEN 'type_invalid'
        ELSE clinical.payload_code(p_rows, 1000)
    END;
    IF code IS NULL THEN
        SELECT
            coalesce(jsonb_agg(to_jsonb(jud) ORDER BY jud.row_no), '[]'),
            CASE WHEN count(jud.error_code) > 0 THEN 'row_errors' END
        INTO v_judged, code
        FROM clinical.judge_items(p_reporting_effort_id, p_package_id, p_item_type, p_rows) AS jud;
    END IF;
    status := CASE WHEN code IS NULL THEN 'applied' WHEN code = 'forbidden' THEN code ELSE 'rejected' END;
    IF code IS NULL THEN
        SELECT
            txt.items,
            txt.new_text_ids
        INTO v_items, v_new_texts
        FROM clinical.items_with_texts(p_item_type, v_judged) AS txt;
        made := CASE
            WHEN p_package_id IS NULL THEN clinical.write_items(p_reporting_effort_id, v_items)
            ELSE clinical.write_package_items(p_package_id, v_items)
        END;
    END IF;
    row_count := CASE WHEN jsonb_typeof(p_rows) = 'array' THEN jsonb_array_length(p_rows) END;
    created_count := jsonb_array_length(made);
    new_text_count := jsonb_array_length(v_new_texts);
    counted := jsonb_build_object('rows', row_count, 'created', created_count, 'new_text_elements', v_new_texts);
    SELECT
        count(jud.error_code),
        coalesce(jsonb_agg(jsonb_build_object(
            'row_no', jud.row_no,
            'item_id', mad.id,
            'outcome', CASE WHEN jud.error_code IS NOT NULL THEN 'error' WHEN code IS NOT NULL THEN 'not_applied' ELSE 'created' END,
            'error_code', jud.error_code,
            'error_field', jud.error_field
        ) ORDER BY jud.row_no), '[]')
    INTO error_count, row_results
    FROM jsonb_to_recordset(v_judged) AS jud (row_no integer, error_code text, error_field text)
    LEFT JOIN jsonb_to_recordset(made) AS mad (row_no integer, id integer) ON jud.row_no = mad.row_no;
END;
$$;

COMMENT ON FUNCTION clinical.make_many_items IS
'p_code: what speaks against the call, known before; p_package_id NULL: for the reporting effort, which is locked like a package. made: what was written; counted: what the log of changes says of the call.';

REVOKE ALL ON FUNCTION clinical.make_many_items FROM PUBLIC;
