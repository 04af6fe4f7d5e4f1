-- Undo 0013_commerce_sales.

DROP TABLE commerce.order_lines;
DROP TABLE commerce.orders;
