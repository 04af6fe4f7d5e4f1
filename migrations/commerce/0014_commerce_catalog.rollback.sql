-- Undo 0014_commerce_catalog.

DROP TABLE commerce.inventory_levels;
DROP TABLE commerce.catalog_snapshot;
DROP TABLE commerce.variants;
