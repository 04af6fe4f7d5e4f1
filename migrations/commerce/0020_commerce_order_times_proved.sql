-- Commerce: times of order lines are proved while readers and writers go on; NOT NULL then needs no look at the rows.
-- depends: 0019_commerce_order_times_kept
-- squawk-ignore-file ban-drop-constraint, adding-not-nullable-field, constraint-missing-not-valid

SET LOCAL lock_timeout = '5s';

ALTER TABLE commerce.order_lines VALIDATE CONSTRAINT order_lines_ordered_at_is_known_check;
ALTER TABLE commerce.order_lines VALIDATE CONSTRAINT order_lines_shop_id_order_id_ordered_at_fkey;
ALTER TABLE commerce.order_lines ALTER COLUMN ordered_at SET NOT NULL;
ALTER TABLE commerce.order_lines DROP CONSTRAINT order_lines_ordered_at_is_known_check;
