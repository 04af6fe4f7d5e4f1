-- commerce.variants_file
-- Files of variants: which headers are accepted and how cells are read.
-- requires: load.dataset(), load.file_column(), commerce.upload_family,
-- requires: commerce.check_keyed_rows(), commerce.merge_variants()
-- source:   docs/commerce.md, "Columns of the files"

SELECT load.dataset(
    'commerce.variants', 'commerce', 'Variants of the products of a shop',
    merge_function => 'commerce.merge_variants',
    check_function => 'commerce.check_keyed_rows',
    kind_names => '{variants,products_variants}',
    detect_position => 4,
    lock_parameters => '{shop}',
    scope_parameter => 'shop', scope_column => 'shop_id'
);

SELECT load.file_column(
    'commerce.variants', 'shop_id', 'text',
    names => '{shop_id,shop,shop_domain,store_domain,merchant_domain,domain}'
);
SELECT load.file_column(
    'commerce.variants', 'variant_id', 'id',
    names => '{variant_id}', required => 'variant_id', blank_reason => 'missing_key', bad => 'reject'
);
SELECT load.file_column(
    'commerce.variants', 'product_id', 'id',
    names => '{product_id}', required => 'product_id', blank_reason => 'missing_key', bad => 'reject'
);
SELECT load.file_column('commerce.variants', 'sku', 'id', names => '{sku,variant_sku}');
SELECT load.file_column(
    'commerce.variants', 'variant_title', 'text',
    names => '{variant_title}', fallback => '{title}', required => 'variant_title'
);
SELECT load.file_column(
    'commerce.variants', 'price', 'money',
    names => '{price,variant_price}', required => 'price', blank_reason => 'missing_value', bad => 'reject'
);
SELECT load.file_column(
    'commerce.variants', 'compare_at_price', 'money',
    names => '{compare_at_price,variant_compare_at_price}', fallback => '{original_price}'
);
SELECT load.file_column('commerce.variants', 'cost', 'money', names => '{cost}', fallback => '{cost_per_item,unit_cost}');
SELECT load.file_column('commerce.variants', 'inventory_item_id', 'id', names => '{inventory_item_id}', required => 'inventory_item_id');
SELECT load.file_column('commerce.variants', 'inventory_item_created_at', 'ts', names => '{inventory_item_created_at}');
