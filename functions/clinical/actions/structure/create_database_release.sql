-- clinical.create_database_release()
-- Makes a database release of a study.
-- requires: clinical.may(), clinical.norm(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.create_database_release(
    p_actor_id integer, p_study_id integer, p_database_release_label text, OUT status text, OUT saved_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_after clinical.database_releases;
BEGIN
    IF clinical.may(p_actor_id, 'structure.manage') THEN
        PERFORM FROM clinical.studies AS std WHERE std.id = p_study_id FOR KEY SHARE;
    END IF;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'structure.manage') THEN 'forbidden'
        WHEN coalesce(length(p_database_release_label) NOT BETWEEN 1 AND 255, TRUE) THEN 'value_invalid'
        WHEN NOT EXISTS (SELECT FROM clinical.studies AS std WHERE std.id = p_study_id) THEN 'study_not_found'
        WHEN EXISTS (
            SELECT FROM clinical.database_releases AS rel
            WHERE rel.study_id = p_study_id
                AND clinical.norm(rel.database_release_label) = clinical.norm(p_database_release_label)
        ) THEN 'label_exists'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        INSERT INTO clinical.database_releases AS rel (study_id, database_release_label) VALUES (p_study_id, p_database_release_label)
        ON CONFLICT DO NOTHING  -- somebody else was faster
        RETURNING rel.* INTO v_after;
        IF v_after.id IS NULL THEN
            status := 'label_exists';
        ELSE
            saved_id := v_after.id;
            PERFORM clinical.record_saved(p_actor_id, 'release', NULL, to_jsonb(v_after));
        END IF;
    END IF;
    PERFORM clinical.note_write('create_database_release', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.create_database_release IS
'status: ok, forbidden, value_invalid (1 to 255 characters), study_not_found, label_exists.';

REVOKE ALL ON FUNCTION clinical.create_database_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.create_database_release TO tidemark_app;
