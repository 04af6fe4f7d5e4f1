-- Undo 0018_commerce_order_times_filled: the times go with their column.

SELECT 1 AS nothing_to_undo;
