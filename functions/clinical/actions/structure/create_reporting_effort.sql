-- clinical.create_reporting_effort()
-- Makes a reporting effort of a database release.
-- requires: clinical.may(), clinical.norm(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.create_reporting_effort(
    p_actor_id integer, p_study_id integer, p_database_release_id integer, p_reporting_effort_label text, OUT status text, OUT saved_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_after clinical.reporting_efforts;
BEGIN
    IF clinical.may(p_actor_id, 'structure.manage') THEN
        PERFORM FROM clinical.studies AS std WHERE std.id = p_study_id FOR KEY SHARE;
        PERFORM FROM clinical.database_releases AS rel WHERE rel.id = p_database_release_id FOR KEY SHARE;
    END IF;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'structure.manage') THEN 'forbidden'
        WHEN coalesce(length(p_reporting_effort_label) NOT BETWEEN 1 AND 255, TRUE) THEN 'value_invalid'
        WHEN NOT EXISTS (SELECT FROM clinical.studies AS std WHERE std.id = p_study_id) THEN 'study_not_found'
        WHEN NOT EXISTS (SELECT FROM clinical.database_releases AS rel WHERE rel.id = p_database_release_id) THEN 'release_not_found'
        WHEN NOT EXISTS (
            SELECT FROM clinical.database_releases AS rel WHERE rel.id = p_database_release_id AND rel.study_id = p_study_id
        ) THEN 'release_not_in_study'
        WHEN EXISTS (
            SELECT FROM clinical.reporting_efforts AS eff
            WHERE eff.database_release_id = p_database_release_id
                AND clinical.norm(eff.reporting_effort_label) = clinical.norm(p_reporting_effort_label)
        ) THEN 'label_exists'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        INSERT INTO clinical.reporting_efforts AS eff (study_id, database_release_id, reporting_effort_label) VALUES (p_study_id, p_database_release_id, p_reporting_effort_label)
        ON CONFLICT DO NOTHING  -- somebody else was faster
        RETURNING eff.* INTO v_after;
        IF v_after.id IS NULL THEN
            status := 'label_exists';
        ELSE
            saved_id := v_after.id;
            PERFORM clinical.record_saved(p_actor_id, 'effort', NULL, to_jsonb(v_after));
        END IF;
    END IF;
    PERFORM clinical.note_write('create_reporting_effort', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.create_reporting_effort IS
'status: ok, forbidden, value_invalid (1 to 255 characters), study_not_found, release_not_found, release_not_in_study, label_exists.';

REVOKE ALL ON FUNCTION clinical.create_reporting_effort FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.create_reporting_effort TO tidemark_app;
