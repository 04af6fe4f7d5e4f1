-- name: transaction_id
-- Tells one transaction from the next.
SELECT pg_current_xact_id()::text;

-- name: missing_roles
-- Group roles that the files grant to and that do not exist yet.
SELECT wanted.role_name
FROM unnest(%(roles)s::text []) AS wanted (role_name)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = wanted.role_name)
ORDER BY wanted.role_name;

-- name: create_group_role
-- A role that a project grants to. Another session may create it at the same moment; that is as good.
DO $create$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = {role_text}) THEN
        CREATE ROLE {role} NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
END;
$create$;

-- name: login_rights
-- What the login may do, as far as applying files asks for it.
SELECT
    current_user AS role_name,
    current_database() AS database_name,
    rol.rolsuper AS is_superuser,
    rol.rolsuper OR rol.rolcreaterole AS may_create_roles,
    has_database_privilege(current_database(), 'CREATE') AS may_create_schemas,
    pg_is_in_recovery() AS is_standby,
    current_setting('session_replication_role') AS replication_role,
    current_setting('server_version') AS server_version
FROM pg_catalog.pg_roles AS rol
WHERE rol.rolname = current_user;
