-- commerce.tg_order_lines_before_write_time()
-- Gives an order line the time of its order.
-- requires: nothing
-- source:   docs/commerce.md, "Tables"
-- Loads give it themselves, which is faster; the foreign key sees to it that it stays right.

CREATE OR REPLACE FUNCTION commerce.tg_order_lines_before_write_time()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.ordered_at := coalesce(
        (SELECT ord.created_at FROM commerce.orders AS ord WHERE ord.shop_id = NEW.shop_id AND ord.order_id = NEW.order_id),
        '-infinity'  -- no such order: the foreign key says so
    );
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION commerce.tg_order_lines_before_write_time IS
'For lines written without a time, and lines that move to another order.';

REVOKE ALL ON FUNCTION commerce.tg_order_lines_before_write_time FROM PUBLIC;

CREATE OR REPLACE TRIGGER order_lines_before_write_time
BEFORE INSERT ON commerce.order_lines
FOR EACH ROW WHEN (new.ordered_at IS NULL)
EXECUTE FUNCTION commerce.tg_order_lines_before_write_time();

CREATE OR REPLACE TRIGGER order_lines_before_move_time
BEFORE UPDATE OF shop_id, order_id ON commerce.order_lines
FOR EACH ROW WHEN ((new.shop_id, new.order_id) IS DISTINCT FROM (old.shop_id, old.order_id))
EXECUTE FUNCTION commerce.tg_order_lines_before_write_time();
