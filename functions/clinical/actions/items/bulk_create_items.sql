-- clinical.bulk_create_items()
-- Makes many items of one type of a reporting effort with their texts and trackers, all or none.
-- requires: clinical.may(), clinical.make_many_items()
-- requires: clinical.record_items(), clinical.entry_of(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Many items at once"

CREATE OR REPLACE FUNCTION clinical.bulk_create_items(
    p_actor_id integer, p_reporting_effort_id integer, p_item_type text, p_rows jsonb,
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
    IF NOT clinical.may(p_actor_id, 'item.bulk_create') THEN
        code := 'forbidden';
    ELSE
        -- one after the other, so that the keys asked for stay free
        PERFORM FROM clinical.reporting_efforts AS eff WHERE eff.id = p_reporting_effort_id FOR NO KEY UPDATE;
        code := CASE WHEN NOT FOUND THEN 'effort_not_found' END;
    END IF;
    SELECT many.*
    INTO status, code, row_count, created_count, error_count, new_text_count, row_results, v_made, v_counted
    FROM clinical.make_many_items(code, p_reporting_effort_id, NULL, p_item_type, p_rows) AS many;
    IF created_count > 0 THEN
        PERFORM clinical.record_items(p_actor_id, 'item.bulk_created', v_made, jsonb_build_array(clinical.entry_of(
            'reporting_effort_items', p_reporting_effort_id, 'BULK_CREATE_' || upper(p_item_type COLLATE "C"), v_counted
        )));
    END IF;
    PERFORM clinical.note_write('bulk_create_items', p_actor_id, v_started, row_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.bulk_create_items IS
'p_item_type: TLF or Dataset, of all rows. p_rows: a JSON list of at most 1000 objects. Texts that are not there are made, if all rows are right. status: applied, rejected or forbidden; row_results has row_no, item_id, outcome, error_code and error_field.';

REVOKE ALL ON FUNCTION clinical.bulk_create_items FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.bulk_create_items TO tidemark_app;
