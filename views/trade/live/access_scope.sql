-- trade.access_scope
-- What can be granted of trade: the rows of a company.
-- grain:    one row per kind (value NULL) and per value
-- tidemark-ignore: owner-view-over-row-security because who grants looks at all companies
-- requires: nothing
-- source:   docs/trade.md, "Who sees what"

CREATE OR REPLACE VIEW trade.access_scope AS
SELECT
    'tenant' AS scope_kind,
    NULL::text AS scope_value,
    'all rows of a company' AS scope_label
UNION ALL
SELECT
    'tenant',
    ten.id::text,
    ten.name::text
FROM trade.tenants AS ten;

COMMENT ON VIEW trade.access_scope IS
'A row without a value says what its kind opens.';

GRANT SELECT ON trade.access_scope TO tidemark_operator;
