-- commerce.inventory_levels_file
-- Files of stock: which headers are accepted and how cells are read.
-- requires: load.dataset(), load.file_column(), commerce.upload_family,
-- requires: commerce.check_keyed_rows(), commerce.merge_inventory_levels()
-- source:   docs/commerce.md, "Columns of the files"

SELECT load.dataset(
    'commerce.inventory_levels', 'commerce', 'Stock of items at locations',
    merge_function => 'commerce.merge_inventory_levels',
    check_function => 'commerce.check_keyed_rows',
    kind_names => '{inventory_levels,inventory}',
    detect_position => 2,
    lock_parameters => '{shop}',
    scope_parameter => 'shop', scope_column => 'shop_id'
);

SELECT load.file_column(
    'commerce.inventory_levels', 'shop_id', 'text',
    names => '{shop_id,shop,shop_domain,store_domain,merchant_domain,domain}'
);
SELECT load.file_column(
    'commerce.inventory_levels', 'inventory_item_id', 'id',
    names => '{inventory_item_id}', required => 'inventory_item_id', blank_reason => 'missing_key', bad => 'reject'
);
SELECT load.file_column(
    'commerce.inventory_levels', 'location_id', 'id',
    names => '{location_id}', required => 'location_id', blank_reason => 'missing_key', bad => 'reject'
);
SELECT load.file_column(
    'commerce.inventory_levels', 'available', 'int',
    names => '{available}', fallback => '{quantity,stock}', required => 'available', blank_reason => 'missing_value', bad => 'reject'
);
SELECT load.file_column(
    'commerce.inventory_levels', 'updated_at', 'ts',
    names => '{updated_at}', fallback => '{last_updated}', required => 'updated_at'
);
