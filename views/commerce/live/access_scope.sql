-- commerce.access_scope
-- What can be granted of commerce: shops.
-- grain:    one row per shop
-- requires: nothing
-- source:   docs/access.md, "What a family declares"

CREATE OR REPLACE VIEW commerce.access_scope AS
SELECT DISTINCT
    'shop' AS scope_kind,
    upl.shop_id::text AS scope_value,
    upl.shop_id::text AS scope_label
FROM commerce.csv_uploads AS upl
WHERE upl.shop_id IS NOT NULL;

COMMENT ON VIEW commerce.access_scope IS
'Kind shop: the rows of one shop. Rows without a shop, such as saves of bundles, are for those who see the whole family.';

GRANT SELECT ON commerce.access_scope TO tidemark_app, tidemark_operator;
