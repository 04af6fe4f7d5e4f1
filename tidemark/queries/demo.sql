-- name: schema_names
-- The schemas of the database.
SELECT nsp.nspname::text AS schema_name
FROM pg_catalog.pg_namespace AS nsp;
