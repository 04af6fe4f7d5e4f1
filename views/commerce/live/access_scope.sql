-- commerce.access_scope
-- What can be granted of commerce: shops.
-- grain:    one row per kind (value NULL) and per value
-- requires: nothing
-- source:   docs/access.md, "What a family declares"

CREATE OR REPLACE VIEW commerce.access_scope AS
SELECT
    'shop' AS scope_kind,
    NULL::text AS scope_value,
    'the rows of one shop' AS scope_label
UNION ALL
SELECT DISTINCT
    'shop',
    upl.shop_id::text,
    upl.shop_id::text
FROM commerce.csv_uploads AS upl
WHERE upl.shop_id IS NOT NULL;

COMMENT ON VIEW commerce.access_scope IS
'A row without a value says what its kind opens. Rows of bi without a shop, such as saves of bundles, are for those who see the whole family.';

GRANT SELECT ON commerce.access_scope TO tidemark_app, tidemark_operator;
