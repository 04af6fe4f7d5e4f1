-- Commerce: each order line knows when its order was placed, so that the figures of a day or an article read one index.
-- depends: 0016_commerce_indexes

SET LOCAL lock_timeout = '5s';

ALTER TABLE commerce.order_lines ADD COLUMN ordered_at timestamptz;

COMMENT ON COLUMN commerce.order_lines.ordered_at IS
'Time of the order, UTC: its created_at, filled in when not given, and changed with it.';
