-- Undo 0017_commerce_order_times.

ALTER TABLE commerce.order_lines DROP COLUMN ordered_at;
