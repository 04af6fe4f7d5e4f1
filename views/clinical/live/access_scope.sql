-- clinical.access_scope
-- What can be granted of clinical: to see what a user of it sees.
-- grain:    one row per kind (value NULL) and per value
-- requires: nothing
-- source:   docs/access.md, "What a family declares"

CREATE OR REPLACE VIEW clinical.access_scope AS
SELECT
    'user' AS scope_kind,
    NULL::text AS scope_value,
    'what a user of clinical sees by his role, as it is now: all items, or the active ones' AS scope_label
UNION ALL
SELECT
    'user',
    usr.id::text,
    usr.username
FROM clinical.users AS usr;

COMMENT ON VIEW clinical.access_scope IS
'A row without a value says what its kind opens. A grant maps a login to a user; what the user sees is decided by his role at every statement.';

GRANT SELECT ON clinical.access_scope TO tidemark_app, tidemark_operator;
