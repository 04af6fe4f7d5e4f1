-- planning.access_scope
-- What can be granted of planning: to see what a user of planning may see.
-- grain:    one row per kind (value NULL) and per value
-- requires: nothing
-- source:   docs/access.md, "What a family declares"

CREATE OR REPLACE VIEW planning.access_scope AS
SELECT
    'user' AS scope_kind,
    NULL::text AS scope_value,
    'what a user of planning may see by his roles and scopes, as they are now' AS scope_label
UNION ALL
SELECT
    'user',
    usr.id::text,
    usr.username::text
FROM planning.users AS usr;

COMMENT ON VIEW planning.access_scope IS
'A row without a value says what its kind opens. A grant maps a login to a user; what the user may see is decided by his roles and scopes at every statement.';

GRANT SELECT ON planning.access_scope TO tidemark_app, tidemark_operator;
