-- clinical.bulk_create_package_items()
-- Makes many items of one type of a package with their texts, all or none.
-- requires: clinical.may(), clinical.payload_code(), clinical.judge_items(), clinical.items_with_texts(), clinical.write_package_items()
-- requires: clinical.record_call(), clinical.entry_of(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.bulk_create_package_items(
    p_actor_id integer, p_package_id integer, p_item_type text, p_rows jsonb,
    OUT status text, OUT code text, OUT row_count integer, OUT created_count integer, OUT error_count integer, OUT new_text_count integer,
    OUT row_results jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_judged jsonb;
    v_items jsonb;
    v_made jsonb := '[]'::jsonb;
    v_new_texts jsonb := '[]'::jsonb;
BEGIN
    IF NOT clinical.may(p_actor_id, 'package.manage') THEN
        code := 'forbidden';
    ELSE
        -- one after the other, so that the keys asked for stay free
        PERFORM FROM clinical.packages AS pkg WHERE pkg.id = p_package_id FOR NO KEY UPDATE;
        code := CASE
            WHEN NOT FOUND THEN 'package_not_found'
            WHEN coalesce(p_item_type NOT IN ('TLF', 'Dataset'), TRUE) THEN 'type_invalid'
            ELSE clinical.payload_code(p_rows, 1000)
        END;
    END IF;
    IF code IS NULL THEN
        SELECT
            coalesce(jsonb_agg(to_jsonb(jud) ORDER BY jud.row_no), '[]'),
            CASE WHEN count(jud.error_code) > 0 THEN 'row_errors' END
        INTO v_judged, code
        FROM clinical.judge_items(NULL, p_package_id, p_item_type, p_rows) AS jud;
    END IF;
    status := CASE WHEN code IS NULL THEN 'applied' WHEN code = 'forbidden' THEN code ELSE 'rejected' END;
    IF code IS NULL THEN
        SELECT
            txt.items,
            txt.new_text_ids
        INTO v_items, v_new_texts
        FROM clinical.items_with_texts(p_item_type, v_judged) AS txt;
        v_made := clinical.write_package_items(p_package_id, v_items);
    END IF;
    row_count := CASE WHEN jsonb_typeof(p_rows) = 'array' THEN jsonb_array_length(p_rows) END;
    created_count := jsonb_array_length(v_made);
    new_text_count := jsonb_array_length(v_new_texts);
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
    LEFT JOIN jsonb_to_recordset(v_made) AS mad (row_no integer, id integer) ON jud.row_no = mad.row_no;
    IF created_count > 0 THEN
        PERFORM clinical.record_call(
            p_actor_id,
            'package_item.bulk_created',
            (
                SELECT jsonb_object_agg(room.name, del.deltas)
                FROM unnest('{role_ADMIN,role_EDITOR,role_VIEWER}'::text[]) AS room (name)
                CROSS JOIN (
                    SELECT jsonb_object_agg(mad.id, mad.created - 'id' - 'created_at' - 'updated_at') AS deltas
                    FROM jsonb_to_recordset(v_made) AS mad (id integer, created jsonb)
                ) AS del
            ),
            jsonb_build_array(clinical.entry_of(
                'package_items', p_package_id, 'BULK_CREATE_' || upper(p_item_type COLLATE "C"), jsonb_build_object(
                    'rows', row_count, 'created', created_count, 'new_text_elements', v_new_texts
                )
            )) || (
                SELECT jsonb_agg(
                    clinical.entry_of('package_items', mad.id, 'CREATE', jsonb_build_object('created', mad.created)) ORDER BY mad.row_no
                )
                FROM jsonb_to_recordset(v_made) AS mad (row_no integer, id integer, created jsonb)
            )
        );
    END IF;
    PERFORM clinical.note_write('bulk_create_package_items', p_actor_id, v_started, row_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.bulk_create_package_items IS
'As clinical.bulk_create_items(), for a package: a TLF must have a title, a Dataset has no acronyms.';

REVOKE ALL ON FUNCTION clinical.bulk_create_package_items FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.bulk_create_package_items TO tidemark_app;
