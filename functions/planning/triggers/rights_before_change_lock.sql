-- planning.tg_rights_before_change_lock()
-- Makes changes of rights wait for each other before they lock a row, so that they never lock each other out.
-- requires: planning.lock_rights()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.tg_rights_before_change_lock()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM planning.lock_rights();
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION planning.tg_rights_before_change_lock IS
'Holds the lock of planning.user_access_by_role until the end of the transaction. A trigger, so that it holds for any SQL.';

REVOKE ALL ON FUNCTION planning.tg_rights_before_change_lock FROM PUBLIC;

CREATE OR REPLACE TRIGGER users_before_change_lock
BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON planning.users
FOR EACH STATEMENT EXECUTE FUNCTION planning.tg_rights_before_change_lock();

CREATE OR REPLACE TRIGGER user_roles_before_change_lock
BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON planning.user_roles
FOR EACH STATEMENT EXECUTE FUNCTION planning.tg_rights_before_change_lock();

CREATE OR REPLACE TRIGGER scope_assignments_before_change_lock
BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON planning.scope_assignments
FOR EACH STATEMENT EXECUTE FUNCTION planning.tg_rights_before_change_lock();
