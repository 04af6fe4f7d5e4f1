-- audit.tg_entries_before_change_refuse()
-- Keeps entries of the log as they were written, until a purge removes them.
-- requires: nothing
-- source:   docs/audit.md, "Never changed"

CREATE OR REPLACE FUNCTION audit.tg_entries_before_change_refuse()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF tg_op = 'DELETE' THEN
        IF EXISTS (
            SELECT FROM audit_internal.purges AS pur
            WHERE pur.transaction_id = pg_current_xact_id() AND old.recorded_at < pur.before AND coalesce(pur.family = old.family, TRUE)
        ) THEN
            RETURN old;
        END IF;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = format('entries of %I.%I cannot be changed', TG_TABLE_SCHEMA, TG_TABLE_NAME),
        DETAIL = format('%s was asked for; entries are only added, for the owner of the table too.', TG_OP),
        HINT = 'Add an entry that sets it right: SELECT audit.record(…). Old entries: SELECT audit.purge(…).';
END;
$$;

COMMENT ON FUNCTION audit.tg_entries_before_change_refuse IS
'Raises 42501 for UPDATE, DELETE and TRUNCATE, except for what audit.purge() removes.';

REVOKE ALL ON FUNCTION audit.tg_entries_before_change_refuse FROM PUBLIC;

CREATE OR REPLACE TRIGGER entries_before_change_refuse
BEFORE UPDATE OR DELETE ON audit.entries
FOR EACH ROW EXECUTE FUNCTION audit.tg_entries_before_change_refuse();

CREATE OR REPLACE TRIGGER entries_before_truncate_refuse
BEFORE TRUNCATE ON audit.entries
FOR EACH STATEMENT EXECUTE FUNCTION audit.tg_entries_before_change_refuse();

-- a partition may be named by itself
CREATE OR REPLACE TRIGGER entries_default_before_truncate_refuse
BEFORE TRUNCATE ON audit.entries_default
FOR EACH STATEMENT EXECUTE FUNCTION audit.tg_entries_before_change_refuse();
