-- commerce.sales_clock
-- The instant up to which the sales of a shop are measured.
-- grain:    one row per shop that has an upload
-- requires: commerce.kpi_as_of()
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE VIEW commerce.sales_clock AS
SELECT
    shop.shop_id,
    clock.as_of
FROM (SELECT DISTINCT upl.shop_id FROM commerce.csv_uploads AS upl WHERE upl.shop_id IS NOT NULL) AS shop
CROSS JOIN LATERAL (
    SELECT
        coalesce(
            commerce.kpi_as_of(),
            (SELECT max(ord.created_at) FROM commerce.orders AS ord WHERE ord.shop_id = shop.shop_id)
        ) AS as_of
    OFFSET 0  -- looked up once per shop, not once per row it is compared with
) AS clock;

COMMENT ON VIEW commerce.sales_clock IS
'as_of is the newest order time of the shop, over all its runs; NULL without orders. commerce.variant_kpi_at() chooses another instant.';

GRANT SELECT ON commerce.sales_clock TO tidemark_app, tidemark_operator;
