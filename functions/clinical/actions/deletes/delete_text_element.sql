-- clinical.delete_text_element()
-- Deletes a text element that no item uses.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_text_element(
    p_actor_id integer, p_text_element_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.text_elements;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'text_element.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT txt.* INTO v_row FROM clinical.text_elements AS txt WHERE txt.id = p_text_element_id FOR UPDATE;
        blocking_count := (
            SELECT
                (SELECT count(*) FROM clinical.reporting_effort_tlf_details AS det WHERE det.title_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.reporting_effort_tlf_details AS det WHERE det.population_flag_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.reporting_effort_tlf_details AS det WHERE det.ich_category_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.package_tlf_details AS det WHERE det.title_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.package_tlf_details AS det WHERE det.population_flag_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.package_tlf_details AS det WHERE det.ich_category_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.reporting_effort_item_footnotes AS lnk WHERE lnk.footnote_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.package_item_footnotes AS lnk WHERE lnk.footnote_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.reporting_effort_item_acronyms AS lnk WHERE lnk.acronym_id = p_text_element_id)
                + (SELECT count(*) FROM clinical.package_item_acronyms AS lnk WHERE lnk.acronym_id = p_text_element_id)
        );
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'in_use' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        DELETE FROM clinical.text_elements AS txt WHERE txt.id = p_text_element_id;
        rows_deleted := '{"text_elements": 1}';
        PERFORM clinical.record_saved(p_actor_id, 'text_element', to_jsonb(v_row), NULL);
    END IF;
    PERFORM clinical.note_write('delete_text_element', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_text_element IS
'status: ok, forbidden, not_found, in_use with the number of places in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_text_element FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_text_element TO tidemark_app;
