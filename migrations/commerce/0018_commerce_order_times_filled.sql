-- Commerce: the times of the lines that are there; readers go on, and so do writers of other lines.
-- depends: 0017_commerce_order_times

UPDATE commerce.order_lines AS line SET ordered_at = ord.created_at
FROM commerce.orders AS ord
WHERE line.shop_id = ord.shop_id AND line.order_id = ord.order_id;
