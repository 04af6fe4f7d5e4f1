-- Gives a login of a BI tool what such a login should have, and the database too. Safe to run again.
--
--     psql -X -v ON_ERROR_STOP=1 -v login=dashboard -f bi_login.sql 'host=db.example dbname=risk user=admin'
--
-- Needs a role that may alter the login (CREATEROLE; from PostgreSQL 16 on with ADMIN OPTION on it) and owns the
-- database. What only a superuser may do is left out for others; tidemark doctor keeps naming it. What is run, and
-- why, is in access.login_gap; docs/access.md tells what it costs logins that have no group role of Tidemark.

SELECT gap.remedy
FROM access.login_gap AS gap
WHERE (gap.login IS NULL OR gap.login = :'login')
    AND gap.remedy IS NOT NULL
    AND (NOT gap.needs_superuser OR (SELECT rol.rolsuper FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = current_user))
ORDER BY gap.login NULLS FIRST, gap.subject
\gexec

SELECT gap.login, gap.subject, gap.problem, gap.remedy
FROM access.login_gap AS gap
WHERE gap.login IS NULL OR gap.login = :'login'
ORDER BY gap.login NULLS FIRST, gap.subject;
