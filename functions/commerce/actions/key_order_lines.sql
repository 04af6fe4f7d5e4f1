-- commerce.key_order_lines()
-- Decides which lines of an orders file are kept, and gives them their keys.
-- requires: commerce.line_total()
-- source:   docs/commerce.md, "Order lines"

CREATE OR REPLACE FUNCTION commerce.key_order_lines(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
SET client_min_messages = 'warning'
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.order_rows;
    CREATE TEMPORARY TABLE order_rows ON COMMIT DROP AS
    SELECT
        cell.row_no,
        coalesce(cell.order_id, cell.order_name) AS order_key,
        'li:' || cell.line_item_id AS line_key,
        cell.line_item_id,
        cell.variant_id,
        cell.product_id,
        cell.sku,
        coalesce(cell.line_item_name, cell.product_title) AS name,
        cell.product_title,
        cell.variant_title,
        cell.brand,
        cell.category,
        coalesce(cell.quantity, 1) AS quantity,
        cell.unit_price::numeric(14, 2) AS unit_price,
        commerce.line_total(cell.discounted_total, cell.unit_price, cell.quantity, cell.line_discount)::numeric(14, 2)
            AS line_total,
        coalesce(cell.line_discount, 0)::numeric(14, 2) AS line_discount,
        cell.requires_shipping,
        cell.is_gift_card,
        cell.taxable,
        -- the last row with a line id wins
        CASE WHEN lead(cell.row_no) OVER same_line IS NOT NULL THEN 'duplicate_key' END AS dropped_for
    FROM pg_temp.checked_rows AS cell
    WHERE NOT cell.is_rejected AND cell.line_item_id IS NOT NULL
    WINDOW same_line AS (PARTITION BY coalesce(cell.order_id, cell.order_name), cell.line_item_id ORDER BY cell.row_no);

    IF EXISTS (SELECT FROM pg_temp.checked_rows WHERE NOT is_rejected AND line_item_id IS NULL) THEN
        INSERT INTO pg_temp.order_rows
        WITH cells AS (
            SELECT
                cell.row_no,
                coalesce(cell.order_id, cell.order_name) AS order_key,
                coalesce(cell.variant_id, cell.sku, '') AS item_key,
                cell.variant_id,
                cell.product_id,
                cell.sku,
                coalesce(cell.line_item_name, cell.product_title) AS name,
                cell.product_title,
                cell.variant_title,
                cell.brand,
                cell.category,
                coalesce(cell.quantity, 1) AS quantity,
                cell.unit_price::numeric(14, 2) AS unit_price,
                commerce.line_total(cell.discounted_total, cell.unit_price, cell.quantity, cell.line_discount)::numeric(14, 2)
                    AS line_total,
                coalesce(cell.line_discount, 0)::numeric(14, 2) AS line_discount,
                cell.requires_shipping,
                cell.is_gift_card,
                cell.taxable
            FROM pg_temp.checked_rows AS cell
            WHERE NOT cell.is_rejected AND cell.line_item_id IS NULL
        ),
        marked AS (
            SELECT
                cells.*,
                -- of equal rows the first is kept
                row_number() OVER (
                    PARTITION BY
                        cells.order_key, cells.item_key, cells.variant_id, cells.sku, cells.product_id, cells.name,
                        cells.quantity, cells.unit_price, cells.line_total, cells.line_discount
                    ORDER BY cells.row_no
                ) > 1 AS is_repeat
            FROM cells
        )
        SELECT
            marked.row_no,
            marked.order_key,
            'it:' || marked.item_key || '#' || count(*) FILTER (WHERE NOT marked.is_repeat) OVER (
                PARTITION BY marked.order_key, marked.item_key ORDER BY marked.row_no
            ),
            NULL,
            marked.variant_id,
            marked.product_id,
            marked.sku,
            marked.name,
            marked.product_title,
            marked.variant_title,
            marked.brand,
            marked.category,
            marked.quantity,
            marked.unit_price,
            marked.line_total,
            marked.line_discount,
            marked.requires_shipping,
            marked.is_gift_card,
            marked.taxable,
            CASE WHEN marked.is_repeat THEN 'duplicate_row' END
        FROM marked;
    END IF;

    WITH dropped AS (
        DELETE FROM pg_temp.order_rows WHERE dropped_for IS NOT NULL
        RETURNING row_no, dropped_for, line_item_id
    ),
    superseded AS (
        UPDATE pg_temp.checked_rows AS checked
        SET is_superseded = true
        FROM dropped
        WHERE checked.row_no = dropped.row_no
    )
    INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value)
    SELECT
        p_upload_id,
        dropped.row_no,
        'warn',
        dropped.dropped_for,
        CASE WHEN dropped.line_item_id IS NOT NULL THEN 'line_item_id' ELSE '' END,
        coalesce(left(dropped.line_item_id, 200), '')
    FROM dropped;
END;
$$;

COMMENT ON FUNCTION commerce.key_order_lines IS
'Fills pg_temp.order_rows for commerce.merge_orders(). With a line id the last row counts (warning duplicate_key), without one rows that are equal cell for cell count once (duplicate_row) and the others are numbered.';

REVOKE ALL ON FUNCTION commerce.key_order_lines FROM PUBLIC;
