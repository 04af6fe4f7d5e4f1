-- What a grant opens in each bi view of commerce, told from the rows that the owner sees. :value is one granted value.
-- name: commerce_article
-- kind: shop
SELECT * FROM bi.commerce_article WHERE shop_id = :value;
-- name: commerce_bundle
-- kind: shop
SELECT * FROM bi.commerce_bundle WHERE shop_id = :value;
-- name: commerce_bundle_portfolio
-- kind: shop
SELECT * FROM bi.commerce_bundle_portfolio WHERE shop_id = :value;
-- name: commerce_co_purchase_pair
-- kind: shop
SELECT * FROM bi.commerce_co_purchase_pair WHERE shop_id = :value;
-- name: commerce_coverage
-- kind: shop
SELECT * FROM bi.commerce_coverage WHERE shop_id = :value;
-- name: commerce_daily_sales
-- kind: shop
SELECT * FROM bi.commerce_daily_sales WHERE shop_id = :value;
-- name: commerce_order_basket
-- kind: shop
SELECT * FROM bi.commerce_order_basket WHERE shop_id = :value;
-- name: commerce_slow_operation
-- kind: shop
SELECT * FROM bi.commerce_slow_operation WHERE shop_id = :value;
-- name: commerce_upload
-- kind: shop
SELECT * FROM bi.commerce_upload WHERE shop_id = :value;
