-- commerce.key_order_lines()
-- Decides which lines of an orders file are kept, and numbers those without a line id.
-- requires: commerce.line_total(), commerce.supersede_repeats()
-- source:   docs/commerce.md, "Order lines"

CREATE OR REPLACE FUNCTION commerce.key_order_lines(p_upload_id bigint, p_all_have_ids boolean)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
SET client_min_messages = 'warning'
AS $$
BEGIN
    PERFORM commerce.supersede_repeats(p_upload_id, ARRAY['line_item_id', 'coalesce(order_id, order_name)'], 'line_item_id');

    DROP TABLE IF EXISTS item_lines;
    CREATE TEMPORARY TABLE item_lines (row_no integer, line_key text COLLATE "C", is_repeat boolean) ON COMMIT DROP;
    IF p_all_have_ids THEN
        ANALYZE pg_temp.item_lines;  -- as empty as it is: joining it must not change the order of the rows
        RETURN;
    END IF;
    INSERT INTO pg_temp.item_lines (row_no, line_key, is_repeat)
    WITH marked AS (
        SELECT
            cell.row_no,
            coalesce(cell.order_id, cell.order_name) AS order_key,
            coalesce(cell.variant_id, cell.sku, '') AS item_key,
            -- of rows that store the same the first is kept
            row_number() OVER (
                PARTITION BY
                    coalesce(cell.order_id, cell.order_name), coalesce(cell.variant_id, cell.sku, ''),
                    cell.variant_id, cell.sku, cell.product_id, coalesce(cell.line_item_name, cell.product_title),
                    coalesce(cell.quantity, 1), round(cell.unit_price, 2),
                    commerce.line_total(cell.discounted_total, cell.unit_price, cell.quantity, cell.line_discount),
                    round(coalesce(cell.line_discount, 0), 2)
                ORDER BY cell.row_no
            ) > 1 AS is_repeat
        FROM pg_temp.checked_rows AS cell
        WHERE NOT cell.is_rejected AND cell.line_item_id IS NULL
    )
    SELECT
        marked.row_no,
        'it:' || marked.item_key || '#' || count(*) FILTER (WHERE NOT marked.is_repeat) OVER (
            PARTITION BY marked.order_key, marked.item_key ORDER BY marked.row_no
        ),
        marked.is_repeat
    FROM marked;
    ANALYZE pg_temp.item_lines;

    WITH superseded AS (
        UPDATE pg_temp.checked_rows AS checked
        SET is_superseded = true
        FROM pg_temp.item_lines AS item
        WHERE checked.row_no = item.row_no AND item.is_repeat
        RETURNING checked.row_no
    )
    INSERT INTO load.issues (upload_id, row_no, severity, reason)
    SELECT p_upload_id, superseded.row_no, 'warn', 'duplicate_row'
    FROM superseded;
END;
$$;

COMMENT ON FUNCTION commerce.key_order_lines IS
'With a line id the last row counts (warning duplicate_key), without one rows that are equal cell for cell count once (duplicate_row) and the others are numbered: their keys are left in pg_temp.item_lines for commerce.merge_orders().';

REVOKE ALL ON FUNCTION commerce.key_order_lines FROM PUBLIC;
