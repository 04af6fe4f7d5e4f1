-- access.my_scope
-- What the current role may see: its own grants and those of the roles whose rights it has.
-- grain:    one row per family, kind and value; the same value twice when two roles have it
-- requires: nothing
-- source:   docs/access.md, "Who is asking"

-- The roles first: the grants of others are not even looked at, however many there are.
CREATE OR REPLACE VIEW access.my_scope WITH (security_barrier) AS
WITH RECURSIVE held AS (
    SELECT rol.oid
    FROM pg_catalog.pg_roles AS rol
    WHERE rol.rolname = current_user
    UNION
    SELECT mem.roleid
    FROM held
    INNER JOIN pg_catalog.pg_auth_members AS mem ON held.oid = mem.member
)

SELECT
    gra.family,
    gra.scope_kind,
    gra.scope_value
FROM held
INNER JOIN pg_catalog.pg_roles AS rol ON held.oid = rol.oid
INNER JOIN access.grants AS gra ON rol.oid = gra.login_oid AND rol.rolname = gra.login
WHERE pg_has_role(rol.oid, 'USAGE');

COMMENT ON VIEW access.my_scope IS
'Scopes of current_user, right at the start of the statement. A membership that is not inherited does not count.';

-- Functions inside bi views read it with the rights of whoever asks, who sees only what is his own.
GRANT SELECT ON access.my_scope TO PUBLIC;
