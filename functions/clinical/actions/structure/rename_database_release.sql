-- clinical.rename_database_release()
-- Gives a database release another label.
-- requires: clinical.may(), clinical.norm(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.rename_database_release(
    p_actor_id integer, p_database_release_id integer, p_database_release_label text, OUT status text, OUT saved_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.database_releases;
    v_after clinical.database_releases;
BEGIN
    IF clinical.may(p_actor_id, 'structure.manage') THEN
        SELECT rel.* INTO v_before FROM clinical.database_releases AS rel WHERE rel.id = p_database_release_id FOR NO KEY UPDATE;
    END IF;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'structure.manage') THEN 'forbidden'
        WHEN v_before.id IS NULL THEN 'release_not_found'
        WHEN coalesce(length(p_database_release_label) NOT BETWEEN 1 AND 255, TRUE) THEN 'value_invalid'
        WHEN EXISTS (
            SELECT FROM clinical.database_releases AS rel
            WHERE rel.study_id = v_before.study_id AND rel.id <> p_database_release_id
                AND clinical.norm(rel.database_release_label) = clinical.norm(p_database_release_label)
        ) THEN 'label_exists'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        BEGIN
            UPDATE clinical.database_releases AS rel SET database_release_label = p_database_release_label WHERE rel.id = p_database_release_id RETURNING rel.* INTO v_after;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was faster
                status := 'label_exists';
        END;
    END IF;
    IF status = 'ok' THEN
        saved_id := v_after.id;
        PERFORM clinical.record_saved(p_actor_id, 'release', to_jsonb(v_before), to_jsonb(v_after));
    END IF;
    PERFORM clinical.note_write('rename_database_release', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.rename_database_release IS
'status: ok, forbidden, release_not_found, value_invalid (1 to 255 characters), label_exists.';

REVOKE ALL ON FUNCTION clinical.rename_database_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.rename_database_release TO tidemark_app;
