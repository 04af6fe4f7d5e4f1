-- commerce.check_orders()
-- Checks an orders file as a whole: order keys, line totals, order times, then which lines are kept.
-- requires: commerce.line_total(), commerce.key_order_lines()
-- source:   docs/commerce.md, "Orders"

CREATE OR REPLACE FUNCTION commerce.check_orders(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
AS $$
DECLARE
    v_some record;
BEGIN
    -- one pass tells which of the steps below have anything to do: in most files none
    SELECT
        bool_or(cell.order_id IS NULL AND cell.order_name IS NOT NULL) AS have_only_a_name,
        bool_or(cell.order_id IS NULL AND cell.order_name IS NULL) AS lack_a_key,
        bool_or(abs(commerce.line_total(cell.discounted_total, cell.unit_price, cell.quantity, cell.line_discount)) >= 1e12)
            AS are_too_large,
        bool_or(NOT cell.is_rejected AND cell.created_at IS NULL) AS are_undated,
        bool_or(NOT cell.is_rejected AND (cell.quantity IS NULL OR (cell.variant_id IS NULL AND cell.sku IS NULL)))
            AS deserve_a_warning,
        bool_or(NOT cell.is_rejected AND cell.line_item_id IS NULL) AS lack_a_line_id
    INTO v_some
    FROM pg_temp.checked_rows AS cell;

    -- A row that only names its order belongs to the first row with the same name that has an id, rejected rows included.
    -- From here on the key of an order is coalesce(order_id, order_name).
    IF v_some.have_only_a_name THEN
        UPDATE pg_temp.checked_rows AS checked
        SET order_id = known.order_id
        FROM (
            SELECT DISTINCT ON (named.order_name)
                named.order_name,
                named.order_id
            FROM pg_temp.checked_rows AS named
            WHERE named.order_name IS NOT NULL AND named.order_id IS NOT NULL
            ORDER BY named.order_name, named.row_no
        ) AS known
        WHERE checked.order_id IS NULL AND checked.order_name = known.order_name;
    END IF;

    IF v_some.lack_a_key OR v_some.are_too_large THEN
        WITH found AS (
            UPDATE pg_temp.checked_rows AS checked
            SET is_rejected = true
            FROM (
                SELECT
                    cell.row_no,
                    cell.order_id IS NULL AND cell.order_name IS NULL AS lacks_key
                FROM pg_temp.checked_rows AS cell
                WHERE (
                        cell.order_id IS NULL AND cell.order_name IS NULL
                        -- a key that cannot be read is reported as that, not as missing too
                        AND (cell.bad_columns && ARRAY['order_id', 'order_name']) IS NOT TRUE
                    )
                    OR (
                        NOT cell.is_rejected
                        AND abs(commerce.line_total(cell.discounted_total, cell.unit_price, cell.quantity, cell.line_discount)) >= 1e12
                    )
            ) AS wrong
            WHERE checked.row_no = wrong.row_no
            RETURNING checked.row_no, wrong.lacks_key
        )
        INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name)
        SELECT
            p_upload_id,
            found.row_no,
            'reject',
            CASE WHEN found.lacks_key THEN 'missing_key' ELSE 'out_of_range' END,
            CASE WHEN found.lacks_key THEN 'order_id' ELSE 'line_total' END
        FROM found;
    END IF;

    IF v_some.are_undated THEN
        WITH undated AS (
            SELECT coalesce(cell.order_id, cell.order_name) AS order_key
            FROM pg_temp.checked_rows AS cell
            WHERE NOT cell.is_rejected
            GROUP BY coalesce(cell.order_id, cell.order_name)
            HAVING count(cell.created_at) = 0
        ),
        found AS (
            UPDATE pg_temp.checked_rows AS checked
            SET is_rejected = true
            FROM undated
            WHERE coalesce(checked.order_id, checked.order_name) = undated.order_key AND NOT checked.is_rejected
            RETURNING checked.row_no
        )
        INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name)
        SELECT p_upload_id, found.row_no, 'reject', 'missing_value', 'created_at'
        FROM found;
    END IF;

    IF v_some.deserve_a_warning THEN
        INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name)
        SELECT p_upload_id, cell.row_no, 'warn', kind.reason, kind.column_name
        FROM pg_temp.checked_rows AS cell
        INNER JOIN (VALUES ('defaulted', 'quantity'), ('missing_item_key', 'variant_id')) AS kind (reason, column_name)
            ON CASE kind.reason WHEN 'defaulted' THEN cell.quantity IS NULL ELSE cell.variant_id IS NULL AND cell.sku IS NULL END
        WHERE NOT cell.is_rejected AND (cell.quantity IS NULL OR (cell.variant_id IS NULL AND cell.sku IS NULL));
    END IF;

    PERFORM commerce.key_order_lines(p_upload_id, NOT v_some.lack_a_line_id);
END;
$$;

COMMENT ON FUNCTION commerce.check_orders IS
'Called by the loader. Rejects rows without order key, with a line total of 10^12 or more, and orders none of whose rows has a time; warns of defaulted quantities and lines without item key. Leaves the keys of lines without id in pg_temp.item_lines.';

REVOKE ALL ON FUNCTION commerce.check_orders FROM PUBLIC;
