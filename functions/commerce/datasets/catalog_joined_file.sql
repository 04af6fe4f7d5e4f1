-- commerce.catalog_joined_file
-- Files of the catalog, product and variant joined: which headers are accepted and how cells are read.
-- requires: load.dataset(), load.file_column(), commerce.upload_family,
-- requires: commerce.check_keyed_rows(), commerce.merge_catalog_joined()
-- source:   docs/commerce.md, "Columns of the files"

SELECT load.dataset(
    'commerce.catalog_joined', 'commerce', 'Catalog: product and variant joined',
    merge_function => 'commerce.merge_catalog_joined',
    check_function => 'commerce.check_keyed_rows',
    kind_names => '{catalog_joined,catalog,products}',
    detect_position => 3,
    lock_parameters => '{shop}',
    scope_parameter => 'shop', scope_column => 'shop_id'
);

SELECT load.file_column(
    'commerce.catalog_joined', 'shop_id', 'text',
    names => '{shop_id,shop,shop_domain,store_domain,merchant_domain,domain}'
);
SELECT load.file_column(
    'commerce.catalog_joined', 'variant_id', 'id',
    names => '{variant_id}', required => 'variant_id', blank_reason => 'missing_key', bad => 'reject'
);
SELECT load.file_column(
    'commerce.catalog_joined', 'product_id', 'id',
    names => '{product_id}', required => 'product_id', blank_reason => 'missing_key', bad => 'reject'
);
SELECT load.file_column(
    'commerce.catalog_joined', 'product_title', 'text',
    names => '{product_title}', fallback => '{title,name}', required => 'product_title'
);
SELECT load.file_column('commerce.catalog_joined', 'product_type', 'text', names => '{product_type}', fallback => '{category}');
SELECT load.file_column('commerce.catalog_joined', 'tags', 'text', names => '{tags}', fallback => '{product_tags}');
SELECT load.file_column(
    'commerce.catalog_joined', 'product_status', 'text',
    names => '{product_status,status}', required => 'product_status'
);
SELECT load.file_column('commerce.catalog_joined', 'vendor', 'text', names => '{vendor}', fallback => '{brand,manufacturer}');
SELECT load.file_column(
    'commerce.catalog_joined', 'product_created_at', 'ts',
    names => '{product_created_at}', fallback => '{created_at}'
);
SELECT load.file_column(
    'commerce.catalog_joined', 'product_published_at', 'ts',
    names => '{product_published_at}', fallback => '{published_at}'
);
SELECT load.file_column('commerce.catalog_joined', 'sku', 'id', names => '{sku,variant_sku}');
SELECT load.file_column('commerce.catalog_joined', 'variant_title', 'text', names => '{variant_title}');
SELECT load.file_column(
    'commerce.catalog_joined', 'price', 'money',
    names => '{price,variant_price}', fallback => '{current_price}', required => 'price', blank_reason => 'missing_value',
    bad => 'reject'
);
SELECT load.file_column(
    'commerce.catalog_joined', 'compare_at_price', 'money',
    names => '{compare_at_price,variant_compare_at_price}', fallback => '{original_price}'
);
SELECT load.file_column('commerce.catalog_joined', 'cost', 'money', names => '{cost}', fallback => '{cost_per_item,unit_cost}');
SELECT load.file_column(
    'commerce.catalog_joined', 'inventory_item_id', 'id',
    names => '{inventory_item_id}', required => 'inventory_item_id'
);
SELECT load.file_column('commerce.catalog_joined', 'inventory_item_created_at', 'ts', names => '{inventory_item_created_at}');
SELECT load.file_column(
    'commerce.catalog_joined', 'available_total', 'int',
    names => '{available_total}', fallback => '{total_inventory,stock}'
);
SELECT load.file_column('commerce.catalog_joined', 'last_inventory_update', 'ts', names => '{last_inventory_update}');
