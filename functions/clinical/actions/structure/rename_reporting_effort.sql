-- clinical.rename_reporting_effort()
-- Gives a reporting effort another label.
-- requires: clinical.may(), clinical.norm(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.rename_reporting_effort(
    p_actor_id integer, p_reporting_effort_id integer, p_reporting_effort_label text, OUT status text, OUT saved_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.reporting_efforts;
    v_after clinical.reporting_efforts;
BEGIN
    IF clinical.may(p_actor_id, 'structure.manage') THEN
        SELECT eff.* INTO v_before FROM clinical.reporting_efforts AS eff WHERE eff.id = p_reporting_effort_id FOR NO KEY UPDATE;
    END IF;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'structure.manage') THEN 'forbidden'
        WHEN v_before.id IS NULL THEN 'effort_not_found'
        WHEN coalesce(length(p_reporting_effort_label) NOT BETWEEN 1 AND 255, TRUE) THEN 'value_invalid'
        WHEN EXISTS (
            SELECT FROM clinical.reporting_efforts AS eff
            WHERE eff.database_release_id = v_before.database_release_id AND eff.id <> p_reporting_effort_id
                AND clinical.norm(eff.reporting_effort_label) = clinical.norm(p_reporting_effort_label)
        ) THEN 'label_exists'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        BEGIN
            UPDATE clinical.reporting_efforts AS eff SET reporting_effort_label = p_reporting_effort_label WHERE eff.id = p_reporting_effort_id RETURNING eff.* INTO v_after;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was faster
                status := 'label_exists';
        END;
    END IF;
    IF status = 'ok' THEN
        saved_id := v_after.id;
        PERFORM clinical.record_saved(p_actor_id, 'effort', to_jsonb(v_before), to_jsonb(v_after));
    END IF;
    PERFORM clinical.note_write('rename_reporting_effort', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.rename_reporting_effort IS
'status: ok, forbidden, effort_not_found, value_invalid (1 to 255 characters), label_exists.';

REVOKE ALL ON FUNCTION clinical.rename_reporting_effort FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.rename_reporting_effort TO tidemark_app;
