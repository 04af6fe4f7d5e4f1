-- clinical.bulk_create_package_items()
-- Makes many items of one type of a package with their texts, all or none.
-- requires: clinical.may(), clinical.make_many_items()
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
    v_made jsonb;
    v_counted jsonb;
BEGIN
    IF NOT clinical.may(p_actor_id, 'package.manage') THEN
        code := 'forbidden';
    ELSE
        -- one after the other, so that the keys asked for stay free
        PERFORM FROM clinical.packages AS pkg WHERE pkg.id = p_package_id FOR NO KEY UPDATE;
        code := CASE WHEN NOT FOUND THEN 'package_not_found' END;
    END IF;
    SELECT many.*
    INTO status, code, row_count, created_count, error_count, new_text_count, row_results, v_made, v_counted
    FROM clinical.make_many_items(code, NULL, p_package_id, p_item_type, p_rows) AS many;
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
                'package_items', p_package_id, 'BULK_CREATE_' || upper(p_item_type COLLATE "C"), v_counted
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
