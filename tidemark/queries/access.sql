-- name: has_access
-- True once grants can be made.
SELECT to_regclass('access.grant_status') IS NOT NULL AND to_regclass('access.login_gap') IS NOT NULL;

-- name: grant_scope
SELECT access.grant_scope(%(login)s, %(family)s, %(kind)s, %(values)s::text [], %(must_exist)s);

-- name: revoke_scope
SELECT access.revoke_scope(%(login)s, %(family)s, %(kind)s, %(values)s::text []);

-- name: confirm_grants
SELECT access.confirm_grants(%(login)s, %(former_name)s);

-- name: grant_status
-- Grants of one login, or of all.
SELECT
    gra.login, gra.family, gra.scope_kind, gra.scope_value, gra.scope_label, gra.holds, gra.problem, gra.granted_by,
    gra.granted_at
FROM access.grant_status AS gra
WHERE %(login)s::text IS NULL OR gra.login = %(login)s
ORDER BY gra.login, gra.family, gra.scope_kind, gra.scope_label, gra.scope_value;

-- name: scope_values
-- What can be granted in one family, or in all; the first row of a kind has no value and tells what it opens.
SELECT sco.family, sco.scope_kind, sco.scope_value, sco.scope_label
FROM access.scope_values(%(family)s) AS sco
ORDER BY sco.family, sco.scope_kind, sco.scope_value IS NOT NULL, sco.scope_label, sco.scope_value;

-- name: login_gap
-- What a BI login and the database lack; NULL as login: all of them. is_possible: this session may run the remedy.
SELECT
    gap.login, gap.subject, gap.problem, gap.remedy,
    gap.remedy IS NOT NULL AND (
        NOT gap.needs_superuser OR (SELECT rol.rolsuper FROM pg_catalog.pg_roles AS rol WHERE rol.rolname = current_user)
    ) AS is_possible
FROM access.login_gap AS gap
WHERE %(login)s::text IS NULL OR gap.login = %(login)s OR gap.login IS NULL
ORDER BY gap.login NULLS FIRST, gap.subject;
