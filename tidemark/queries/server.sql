-- name: role_exists
SELECT EXISTS (SELECT FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = %(role)s);

-- name: database_exists
SELECT EXISTS (SELECT FROM pg_catalog.pg_database AS dat WHERE dat.datname = %(database)s);

-- name: create_owner
-- Owner of the embedded database. Not a superuser; pg_monitor lets it see the queries that block it.
CREATE ROLE {role} LOGIN CREATEROLE CREATEDB IN ROLE pg_monitor;

-- name: create_database
CREATE DATABASE {database} OWNER {owner} TEMPLATE template0;

-- name: current_role
SELECT current_user::text;

-- name: locale_of_database
-- The locale of the database at hand; locale is that of its provider, NULL where libc provides it.
SELECT
    dat.datcollate::text AS collate,
    dat.datctype::text AS ctype,
    CASE dat.datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
    coalesce(to_jsonb(dat) ->> 'datlocale', to_jsonb(dat) ->> 'daticulocale') AS locale  -- renamed in PostgreSQL 17
FROM pg_catalog.pg_database AS dat
WHERE dat.datname = current_database();

-- name: create_database_like
CREATE DATABASE {database} OWNER {owner} TEMPLATE template0
ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE {collate} LC_CTYPE {ctype};

-- name: create_database_like_icu
CREATE DATABASE {database} OWNER {owner} TEMPLATE template0
ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE {locale} LC_COLLATE {collate} LC_CTYPE {ctype};

-- name: create_database_like_builtin
CREATE DATABASE {database} OWNER {owner} TEMPLATE template0
ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE {locale} LC_COLLATE {collate} LC_CTYPE {ctype};

-- name: copy_database
-- Nobody may be connected to the template.
CREATE DATABASE {database} OWNER {owner} TEMPLATE {template};

-- name: create_dashboard_login
-- A login for dashboards, made anew when its password file was lost.
DO $create$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = {role_text}) THEN
        CREATE ROLE {role} LOGIN;
    END IF;
END;
$create$;
ALTER ROLE {role} PASSWORD {password};

-- name: show_dashboard_all
-- The dashboard of the demonstration sees every row.
GRANT tidemark_bi, tidemark_bi_all TO {role};

-- name: forbid_large_objects
-- They belong to no schema, have no limit, and anybody may make them. Needs a superuser, once per database.
REVOKE EXECUTE ON FUNCTION
    pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;

-- name: drop_database
-- Without FORCE: it waits some seconds for sessions that are just ending, and needs no right to end those of others.
DROP DATABASE IF EXISTS {database};

-- name: compile_nothing
-- For the session; compiling the queries of a report takes longer than running them on a few thousand rows.
SELECT set_config('jit', 'off', FALSE);

-- name: set_time_zone
-- For the session; what Tidemark computes must not depend on it.
SELECT set_config('TimeZone', %(time_zone)s, FALSE);
