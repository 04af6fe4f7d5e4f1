-- Indexes the commerce reads need; each is used by a plan in tests/scale/commerce or by a foreign key's delete.
-- depends: 0015_commerce_bundles
-- squawk-ignore-file require-concurrent-index-creation

CREATE INDEX csv_uploads_shop_id_run_id_csv_type_created_at_idx
ON commerce.csv_uploads (shop_id, run_id, csv_type, created_at DESC);
CREATE INDEX csv_uploads_shop_id_status_idx ON commerce.csv_uploads (shop_id, status);

CREATE INDEX orders_csv_upload_id_idx ON commerce.orders (csv_upload_id);
CREATE INDEX orders_shop_id_created_at_idx ON commerce.orders (shop_id, created_at);
CREATE INDEX order_lines_csv_upload_id_idx ON commerce.order_lines (csv_upload_id);
CREATE INDEX order_lines_shop_id_variant_id_idx
ON commerce.order_lines (shop_id, variant_id) WHERE variant_id IS NOT NULL;
CREATE INDEX order_lines_shop_id_sku_idx
ON commerce.order_lines (shop_id, sku) WHERE variant_id IS NULL;

CREATE INDEX variants_csv_upload_id_idx ON commerce.variants (csv_upload_id);
CREATE INDEX variants_shop_id_sku_idx ON commerce.variants (shop_id, sku) WHERE sku IS NOT NULL;
CREATE INDEX variants_shop_id_inventory_item_id_idx ON commerce.variants (shop_id, inventory_item_id);
CREATE INDEX variants_shop_id_product_id_idx ON commerce.variants (shop_id, product_id);
CREATE INDEX catalog_snapshot_csv_upload_id_idx ON commerce.catalog_snapshot (csv_upload_id);
CREATE INDEX catalog_snapshot_shop_id_run_id_product_id_idx
ON commerce.catalog_snapshot (shop_id, run_id, product_id);
CREATE INDEX inventory_levels_csv_upload_id_idx ON commerce.inventory_levels (csv_upload_id);

CREATE INDEX association_rules_csv_upload_id_lift_idx ON commerce.association_rules (csv_upload_id, lift DESC);
CREATE INDEX bundle_recommendations_csv_upload_id_rank_position_idx
ON commerce.bundle_recommendations (csv_upload_id, rank_position);
CREATE INDEX bundle_recommendations_shop_id_ranking_score_confidence_idx
ON commerce.bundle_recommendations (shop_id, ranking_score DESC, confidence DESC);
CREATE INDEX bundle_recommendations_csv_upload_id_marked_idx
ON commerce.bundle_recommendations (csv_upload_id) WHERE discount_reference IS NOT NULL;
CREATE INDEX generation_progress_step_idx ON commerce.generation_progress (step);
