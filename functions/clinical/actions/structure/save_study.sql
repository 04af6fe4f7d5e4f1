-- clinical.save_study()
-- Makes a study, or gives one another name.
-- requires: clinical.may(), clinical.norm(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.save_study(
    p_actor_id integer, p_study_label text, p_study_id integer DEFAULT NULL, OUT status text, OUT saved_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.studies;
    v_after clinical.studies;
BEGIN
    IF clinical.may(p_actor_id, 'structure.manage') THEN
        SELECT std.* INTO v_before FROM clinical.studies AS std WHERE std.id = p_study_id FOR NO KEY UPDATE;
    END IF;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'structure.manage') THEN 'forbidden'
        WHEN v_before.id IS DISTINCT FROM p_study_id THEN 'study_not_found'
        WHEN coalesce(length(p_study_label) NOT BETWEEN 1 AND 255, TRUE) THEN 'value_invalid'
        WHEN EXISTS (
            SELECT FROM clinical.studies AS std
            WHERE clinical.norm(std.study_label) = clinical.norm(p_study_label) AND std.id IS DISTINCT FROM p_study_id
        ) THEN 'label_exists'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        BEGIN
            IF p_study_id IS NULL THEN
                INSERT INTO clinical.studies AS std (study_label) VALUES (p_study_label) RETURNING std.* INTO v_after;
            ELSE
                UPDATE clinical.studies AS std SET study_label = p_study_label WHERE std.id = p_study_id RETURNING std.* INTO v_after;
            END IF;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was faster
                status := 'label_exists';
        END;
    END IF;
    IF status = 'ok' THEN
        saved_id := v_after.id;
        PERFORM clinical.record_saved(
            p_actor_id, 'study', CASE WHEN v_before.id IS NOT NULL THEN to_jsonb(v_before) END, to_jsonb(v_after)
        );
    END IF;
    PERFORM clinical.note_write('save_study', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.save_study IS
'Without p_study_id a new one. status: ok, forbidden, study_not_found, value_invalid (1 to 255 characters), label_exists.';

REVOKE ALL ON FUNCTION clinical.save_study FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.save_study TO tidemark_app;
