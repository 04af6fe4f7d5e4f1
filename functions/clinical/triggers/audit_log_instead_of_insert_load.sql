-- clinical.tg_audit_log_instead_of_insert_load()
-- Takes an entry of an earlier system into the log of changes.
-- requires: clinical.audit_log, clinical.values_of_changes()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.tg_audit_log_instead_of_insert_load()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO audit.entries (
        recorded_at, loaded_at, login, actor, actor_role, family, table_name, row_key, action, batch, before_values, after_values, client
    )
    SELECT
        coalesce(NEW.created_at, clock_timestamp()), clock_timestamp(), session_user, NEW.user_id::text, NEW.user_role, 'clinical',
        NEW.table_name, NEW.record_id::text, NEW.action, NEW.batch_id::text, val.before_values, val.after_values,
        concat_ws(' ', coalesce(NEW.ip_address, 'local'), NEW.user_agent)
    FROM clinical.values_of_changes(NEW.action, NEW.changes) AS val;
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION clinical.tg_audit_log_instead_of_insert_load IS
'The number given is not kept: entries are numbered as they come. For who may write the log of changes.';

REVOKE ALL ON FUNCTION clinical.tg_audit_log_instead_of_insert_load FROM PUBLIC;

CREATE OR REPLACE TRIGGER audit_log_instead_of_insert_load
INSTEAD OF INSERT ON clinical.audit_log
FOR EACH ROW EXECUTE FUNCTION clinical.tg_audit_log_instead_of_insert_load();
