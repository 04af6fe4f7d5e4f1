-- What a commerce case must leave in the tables that files are loaded into, a query an expected file; spec.py explains the
-- notes.

-- name: expected/uploads.csv
-- key: upload
SELECT
    lab.label AS upload,
    upl.csv_type AS kind,
    upl.run_id AS run,
    upl.shop_id,
    upl.status,
    upl.error_code,
    upl.error_detail AS error_columns,
    upl.total_rows,
    upl.processed_rows,
    upl.rejected_rows,
    upl.superseded_rows,
    can.label AS canonical_upload
FROM golden_upload AS lab
INNER JOIN commerce.upload AS upl ON lab.csv_upload_id = upl.csv_upload_id
LEFT JOIN golden_upload AS can ON upl.canonical_upload_id = can.csv_upload_id;

-- name: expected/orders.csv
-- key: shop_id, order_id
-- absent: no rows
SELECT
    row.shop_id,
    row.order_id,
    upl.label AS upload,
    row.created_at,
    row.customer_id,
    row.customer_email,
    row.customer_country,
    row.shipping_province,
    row.shipping_city,
    row.currency,
    row.clv_band,
    row.channel,
    row.device,
    row.subtotal,
    row.discount,
    row.discount_code,
    row.shipping,
    row.taxes,
    row.total,
    row.financial_status,
    row.fulfillment_status,
    row.returned
FROM commerce.orders AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/order_lines.csv
-- key: shop_id, order_id, line_key
-- absent: no rows
SELECT
    row.shop_id,
    row.order_id,
    row.line_key,
    upl.label AS upload,
    row.line_item_id,
    row.variant_id,
    row.product_id,
    row.sku,
    row.name,
    row.product_title,
    row.variant_title,
    row.brand,
    row.category,
    row.quantity,
    row.unit_price,
    row.line_total,
    row.line_discount,
    row.requires_shipping,
    row.is_gift_card,
    row.taxable
FROM commerce.order_lines AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/variants.csv
-- key: shop_id, variant_id
-- absent: no rows
SELECT
    row.shop_id,
    row.variant_id,
    upl.label AS upload,
    row.product_id,
    row.sku,
    row.variant_title,
    row.price,
    row.compare_at_price,
    row.cost,
    row.inventory_item_id,
    row.inventory_item_created_at
FROM commerce.variants AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/catalog_snapshot.csv
-- key: shop_id, run, variant_id
-- absent: no rows
SELECT
    row.shop_id,
    row.run_id AS run,
    row.variant_id,
    upl.label AS upload,
    row.product_id,
    row.product_title,
    row.product_type,
    row.tags,
    row.product_status,
    row.vendor,
    row.product_created_at,
    row.product_published_at,
    row.sku,
    row.variant_title,
    row.price,
    row.compare_at_price,
    row.cost,
    row.inventory_item_id,
    row.inventory_item_created_at,
    row.available_total,
    row.last_inventory_update,
    row.is_seasonal,
    row.is_high_margin
FROM commerce.catalog_snapshot AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/inventory_levels.csv
-- key: shop_id, inventory_item_id, location_id
-- absent: no rows
SELECT
    row.shop_id,
    row.inventory_item_id,
    row.location_id,
    upl.label AS upload,
    row.available,
    row.updated_at
FROM commerce.inventory_levels AS row
LEFT JOIN golden_upload AS upl ON row.csv_upload_id = upl.csv_upload_id;

-- name: expected/issues.csv
-- key: upload, row_no, severity, reason, column_name, raw_value
-- absent: no rows
SELECT
    lab.label AS upload,
    iss.row_no,
    iss.severity,
    iss.reason,
    nullif(iss.column_name, '') AS column_name,  -- the files write no empty strings
    nullif(iss.raw_value, '') AS raw_value
FROM golden_upload AS lab
INNER JOIN commerce.ingest_issues AS iss ON lab.csv_upload_id = iss.csv_upload_id;
