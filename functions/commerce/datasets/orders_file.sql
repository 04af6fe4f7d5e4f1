-- commerce.orders_file
-- Files of orders, one record a line: which headers are accepted and how cells are read.
-- requires: load.dataset(), load.file_column(), commerce.upload_family,
-- requires: commerce.check_orders(), commerce.merge_orders()
-- source:   docs/commerce.md, "Columns of the files"

SELECT load.dataset(
    'commerce.orders', 'commerce', 'Orders with their lines: one record a line',
    merge_function => 'commerce.merge_orders',
    check_function => 'commerce.check_orders',
    kind_names => '{orders}',
    detect_position => 1,
    lock_parameters => '{shop}',
    scope_parameter => 'shop', scope_column => 'shop_id'
);

SELECT load.file_column(
    'commerce.orders', 'shop_id', 'text',
    names => '{shop_id,shop,shop_domain,store_domain,merchant_domain,domain}'
);
SELECT load.file_column('commerce.orders', 'order_id', 'id', names => '{order_id}', required => 'order_id|order_name', bad => 'reject');
SELECT load.file_column('commerce.orders', 'order_name', 'id', names => '{name}', required => 'order_id|order_name', bad => 'reject');
SELECT load.file_column(
    'commerce.orders', 'created_at', 'ts',
    names => '{created_at}', fallback => '{order_date,date}', required => 'created_at', bad => 'reject'
);
SELECT load.file_column('commerce.orders', 'customer_id', 'id', names => '{customer_id}');
SELECT load.file_column('commerce.orders', 'customer_email', 'text', names => '{customer_email}', fallback => '{email}');
SELECT load.file_column(
    'commerce.orders', 'customer_country', 'text',
    names => '{shipping_country_code,customer_country}', fallback => '{country,shipping_country}'
);
SELECT load.file_column('commerce.orders', 'shipping_province', 'text', names => '{shipping_province}', fallback => '{state}');
SELECT load.file_column('commerce.orders', 'shipping_city', 'text', names => '{shipping_city}', fallback => '{city}');
SELECT load.file_column('commerce.orders', 'currency', 'text', names => '{currency_code,customer_currency}', fallback => '{currency}');
SELECT load.file_column('commerce.orders', 'clv_band', 'text', names => '{clv_band}');
SELECT load.file_column('commerce.orders', 'channel', 'text', names => '{sales_channel,channel}', fallback => '{source}');
SELECT load.file_column('commerce.orders', 'device', 'text', names => '{device_type,device}');
SELECT load.file_column('commerce.orders', 'subtotal', 'money', names => '{subtotal_price,subtotal}');
SELECT load.file_column('commerce.orders', 'discount', 'money', names => '{discount,discount_total}', fallback => '{discount_amount}');
SELECT load.file_column('commerce.orders', 'discount_code', 'text', names => '{discount_code}');
SELECT load.file_column(
    'commerce.orders', 'shipping', 'money',
    names => '{total_shipping_price,shipping}', fallback => '{shipping_cost}'
);
SELECT load.file_column('commerce.orders', 'taxes', 'money', names => '{total_tax,taxes}', fallback => '{tax}');
SELECT load.file_column('commerce.orders', 'total', 'money', names => '{total_price,total}', fallback => '{order_total}');
SELECT load.file_column('commerce.orders', 'financial_status', 'text', names => '{display_financial_status,financial_status}');
SELECT load.file_column('commerce.orders', 'fulfillment_status', 'text', names => '{display_fulfillment_status,fulfillment_status}');
SELECT load.file_column('commerce.orders', 'returned', 'bool', names => '{returned,is_returned}');
SELECT load.file_column('commerce.orders', 'line_item_id', 'id', names => '{line_item_id}', bad => 'reject');
SELECT load.file_column('commerce.orders', 'variant_id', 'id', names => '{variant_id}', required => 'variant_id|sku', bad => 'reject');
SELECT load.file_column('commerce.orders', 'product_id', 'id', names => '{product_id}');
SELECT load.file_column(
    'commerce.orders', 'sku', 'id',
    names => '{sku,variant_sku}', fallback => '{product_sku,lineitem_sku}', required => 'variant_id|sku', bad => 'reject'
);
SELECT load.file_column('commerce.orders', 'line_item_name', 'text', names => '{line_item_name}', fallback => '{product_name}');
SELECT load.file_column('commerce.orders', 'product_title', 'text', names => '{product_title}');
SELECT load.file_column('commerce.orders', 'variant_title', 'text', names => '{variant_title}');
SELECT load.file_column('commerce.orders', 'brand', 'text', names => '{vendor}', fallback => '{brand,manufacturer}');
SELECT load.file_column('commerce.orders', 'category', 'text', names => '{product_type}', fallback => '{category}');
SELECT load.file_column(
    'commerce.orders', 'quantity', 'int',
    names => '{line_item_quantity}', fallback => '{quantity,qty}', required => 'quantity', bad => 'reject'
);
-- unrounded, like the discount: the line total is computed from the cells as they stand and rounded at the end
SELECT load.file_column(
    'commerce.orders', 'unit_price', 'number',
    names => '{original_unit_price}', fallback => '{unit_price,lineitem_price,price,variant_price}', required => 'unit_price',
    blank_reason => 'missing_value', bad => 'reject'
);
SELECT load.file_column('commerce.orders', 'discounted_total', 'money', names => '{discounted_total}', bad => 'reject');
SELECT load.file_column(
    'commerce.orders', 'line_discount', 'number',
    names => '{line_item_total_discount,line_discount}', fallback => '{lineitem_discount}'
);
SELECT load.file_column(
    'commerce.orders', 'requires_shipping', 'bool',
    names => '{requires_shipping}', fallback => '{lineitem_requires_shipping}'
);
SELECT load.file_column('commerce.orders', 'is_gift_card', 'bool', names => '{is_gift_card}');
SELECT load.file_column('commerce.orders', 'taxable', 'bool', names => '{taxable,is_taxable}', fallback => '{lineitem_taxable}');
