-- deploy_internal.caller_role()
-- The role that the session acts as, seen from inside a function that runs with its owner's rights.
-- requires: nothing
-- source:   docs/beside.md, "Who may call"

CREATE OR REPLACE FUNCTION deploy_internal.caller_role()
RETURNS text LANGUAGE sql STABLE
RETURN CASE current_setting('role') WHEN 'none' THEN session_user::text ELSE current_setting('role') END;

COMMENT ON FUNCTION deploy_internal.caller_role IS
'The role of SET ROLE, else the login. SECURITY DEFINER does not change it.';

REVOKE ALL ON FUNCTION deploy_internal.caller_role FROM PUBLIC;
