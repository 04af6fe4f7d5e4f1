-- clinical.purge_audit_log()
-- Removes old entries of clinical from the log of changes.
-- requires: clinical.may(), clinical.role_of(), audit.purge(), audit.record_many(), clinical.note_write()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.purge_audit_log(
    p_actor_id integer, p_days integer DEFAULT 90, OUT status text, OUT deleted_count bigint
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
BEGIN
    deleted_count := 0;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'audit.purge') THEN 'forbidden'
        WHEN coalesce(p_days NOT BETWEEN 30 AND 365, TRUE) THEN 'value_invalid'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        deleted_count := audit.purge(p_days, 'clinical');
        PERFORM audit.record_many(
            'clinical',
            ARRAY[ROW('audit_log', '0', 'AUDIT_PURGE', NULL, jsonb_build_object('days', p_days, 'n', deleted_count))::audit.new_entry],
            p_actor_id::text,
            clinical.role_of(p_actor_id)
        );
    END IF;
    PERFORM clinical.note_write('purge_audit_log', p_actor_id, v_started, deleted_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.purge_audit_log IS
'Entries older than p_days times 24 hours, 30 to 365. status: ok, forbidden, value_invalid. The purge is recorded.';

REVOKE ALL ON FUNCTION clinical.purge_audit_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.purge_audit_log TO tidemark_app;
