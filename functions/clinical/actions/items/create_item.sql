-- clinical.create_item()
-- Makes an item of a reporting effort, with its tracker.
-- requires: clinical.may(), clinical.item_problem(), clinical.item_document(), clinical.write_items(), clinical.record_items(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.create_item(
    p_actor_id integer, p_reporting_effort_id integer, p_item_type text, p_item_subtype text, p_item_code text, p_details jsonb DEFAULT NULL,
    p_footnote_ids integer[] DEFAULT '{}', p_sequence_numbers integer[] DEFAULT '{}', p_acronym_ids integer[] DEFAULT '{}',
    OUT status text, OUT item_id integer, OUT tracker_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_made jsonb;
BEGIN
    IF NOT clinical.may(p_actor_id, 'item.create') THEN
        status := 'forbidden';
    ELSE
        -- one after the other, so that the key asked for stays free
        PERFORM FROM clinical.reporting_efforts AS eff WHERE eff.id = p_reporting_effort_id FOR NO KEY UPDATE;
        status := CASE WHEN NOT FOUND THEN 'effort_not_found' ELSE coalesce(
            clinical.item_problem(p_item_type, p_item_subtype, p_item_code, p_details, p_footnote_ids, p_acronym_ids), 'ok'
        ) END;
    END IF;
    IF status = 'ok' AND EXISTS (
        SELECT FROM clinical.reporting_effort_items AS itm
        WHERE (itm.reporting_effort_id, itm.item_type, itm.item_subtype, itm.item_code) = (p_reporting_effort_id, p_item_type, p_item_subtype, p_item_code)
    ) THEN
        status := 'item_exists';
    END IF;
    IF status = 'ok' THEN
        v_made := clinical.write_items(p_reporting_effort_id, jsonb_build_array(clinical.item_document(
            p_item_type, p_item_subtype, p_item_code, p_details, p_footnote_ids, p_sequence_numbers, p_acronym_ids
        )));
        item_id := (v_made -> 0 ->> 'id')::integer;
        tracker_id := (v_made -> 0 ->> 'tracker_id')::integer;
        PERFORM clinical.record_items(p_actor_id, 'item.created', v_made, '[]');
    END IF;
    PERFORM clinical.note_write('create_item', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.create_item IS
'p_details: title_id, population_flag_id and ich_category_id of a TLF; label, sorting_order and acronyms of a Dataset; NULL: no row of details. p_sequence_numbers stand beside p_footnote_ids. status: ok, forbidden, effort_not_found, type_invalid, subtype_invalid, value_invalid, details_not_allowed, text_not_found, text_type_mismatch, footnote_duplicate, acronym_duplicate, item_exists.';

REVOKE ALL ON FUNCTION clinical.create_item FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.create_item TO tidemark_app;
