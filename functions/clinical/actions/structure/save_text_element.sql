-- clinical.save_text_element()
-- Makes a text element, or gives one another label.
-- requires: clinical.may(), clinical.norm(), clinical.is_blank(), clinical.label_fits(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.save_text_element(
    p_actor_id integer, p_type text, p_label text, p_text_element_id integer DEFAULT NULL, OUT status text, OUT saved_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.text_elements;
    v_after clinical.text_elements;
BEGIN
    IF clinical.may(p_actor_id, 'text_element.manage') THEN
        SELECT txt.* INTO v_before FROM clinical.text_elements AS txt WHERE txt.id = p_text_element_id FOR NO KEY UPDATE;
    END IF;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'text_element.manage') THEN 'forbidden'
        WHEN v_before.id IS DISTINCT FROM p_text_element_id THEN 'text_not_found'
        WHEN coalesce(p_type NOT IN ('title', 'footnote', 'population_set', 'acronyms_set', 'ich_category'), TRUE)
            OR p_type <> v_before.type THEN 'type_invalid'
        WHEN clinical.is_blank(p_label) OR NOT clinical.label_fits(p_label) THEN 'value_invalid'
        WHEN EXISTS (
            SELECT FROM clinical.text_elements AS txt
            WHERE txt.type = p_type AND clinical.norm(txt.label) = clinical.norm(p_label) AND txt.id IS DISTINCT FROM p_text_element_id
        ) THEN 'label_exists'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        BEGIN
            IF p_text_element_id IS NULL THEN
                INSERT INTO clinical.text_elements AS txt (type, label) VALUES (p_type, p_label) RETURNING txt.* INTO v_after;
            ELSE
                UPDATE clinical.text_elements AS txt SET label = p_label WHERE txt.id = p_text_element_id RETURNING txt.* INTO v_after;
            END IF;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was faster
                status := 'label_exists';
        END;
    END IF;
    IF status = 'ok' THEN
        saved_id := v_after.id;
        PERFORM clinical.record_saved(
            p_actor_id, 'text_element', CASE WHEN v_before.id IS NOT NULL THEN to_jsonb(v_before) END, to_jsonb(v_after)
        );
    END IF;
    PERFORM clinical.note_write('save_text_element', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.save_text_element IS
'Without p_text_element_id a new one; the type of one that is there stays. status: ok, forbidden, text_not_found, type_invalid, value_invalid (blank or too long), label_exists.';

REVOKE ALL ON FUNCTION clinical.save_text_element FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.save_text_element TO tidemark_app;
