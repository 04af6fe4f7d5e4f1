-- commerce.gather_order_headers()
-- Finds where the columns of each order of a file stand: the first cell that is not blank, over its accepted rows.
-- requires: nothing
-- source:   docs/commerce.md, "Orders"
-- Nearly always the first row of an order has all of them. Which columns a row has is a number with one bit a column, so
-- one pass tells the orders whose first row lacks something; only those are put together column by column.

CREATE OR REPLACE FUNCTION commerce.gather_order_headers()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
SET client_min_messages = 'warning'
AS $$
DECLARE
    c_all CONSTANT bigint := 1 << 20;  -- more than all bits together
BEGIN
    DROP TABLE IF EXISTS order_heads;
    CREATE TEMPORARY TABLE order_heads ON COMMIT DROP AS
    WITH filled AS (
        SELECT
            cell.row_no,
            coalesce(cell.order_id, cell.order_name) AS order_key,
            (
                (cell.created_at IS NOT NULL)::integer
                + (cell.customer_id IS NOT NULL)::integer * 2
                + (cell.customer_email IS NOT NULL)::integer * 4
                + (cell.customer_country IS NOT NULL)::integer * 8
                + (cell.shipping_province IS NOT NULL)::integer * 16
                + (cell.shipping_city IS NOT NULL)::integer * 32
                + (cell.currency IS NOT NULL)::integer * 64
                + (cell.clv_band IS NOT NULL)::integer * 128
                + (cell.channel IS NOT NULL)::integer * 256
                + (cell.device IS NOT NULL)::integer * 512
                + (cell.subtotal IS NOT NULL)::integer * 1024
                + (cell.discount IS NOT NULL)::integer * 2048
                + (cell.discount_code IS NOT NULL)::integer * 4096
                + (cell.shipping IS NOT NULL)::integer * 8192
                + (cell.taxes IS NOT NULL)::integer * 16384
                + (cell.total IS NOT NULL)::integer * 32768
                + (cell.financial_status IS NOT NULL)::integer * 65536
                + (cell.fulfillment_status IS NOT NULL)::integer * 131072
                + (cell.returned IS NOT NULL)::integer * 262144
            ) AS columns
        FROM pg_temp.checked_rows AS cell
        WHERE NOT cell.is_rejected
    )
    SELECT
        head.order_key,
        (head.first_row / c_all)::integer AS first_row_no,
        head.first_row % c_all <> head.columns AS is_scattered
    FROM (
        SELECT
            filled.order_key,
            min(filled.row_no * c_all + filled.columns) AS first_row,  -- the first row together with what it has
            bit_or(filled.columns) AS columns
        FROM filled
        GROUP BY filled.order_key
    ) AS head;
    ANALYZE pg_temp.order_heads;

    DROP TABLE IF EXISTS scattered_orders;
    CREATE TEMPORARY TABLE scattered_orders ON COMMIT DROP AS
    SELECT
        head.order_key,
        (array_agg(cell.created_at ORDER BY cell.row_no) FILTER (WHERE cell.created_at IS NOT NULL))[1] AS created_at,
        (array_agg(cell.customer_id ORDER BY cell.row_no) FILTER (WHERE cell.customer_id IS NOT NULL))[1] AS customer_id,
        (array_agg(cell.customer_email ORDER BY cell.row_no) FILTER (WHERE cell.customer_email IS NOT NULL))[1] AS customer_email,
        (array_agg(cell.customer_country ORDER BY cell.row_no) FILTER (WHERE cell.customer_country IS NOT NULL))[1] AS customer_country,
        (array_agg(cell.shipping_province ORDER BY cell.row_no) FILTER (WHERE cell.shipping_province IS NOT NULL))[1] AS shipping_province,
        (array_agg(cell.shipping_city ORDER BY cell.row_no) FILTER (WHERE cell.shipping_city IS NOT NULL))[1] AS shipping_city,
        (array_agg(cell.currency ORDER BY cell.row_no) FILTER (WHERE cell.currency IS NOT NULL))[1] AS currency,
        (array_agg(cell.clv_band ORDER BY cell.row_no) FILTER (WHERE cell.clv_band IS NOT NULL))[1] AS clv_band,
        (array_agg(cell.channel ORDER BY cell.row_no) FILTER (WHERE cell.channel IS NOT NULL))[1] AS channel,
        (array_agg(cell.device ORDER BY cell.row_no) FILTER (WHERE cell.device IS NOT NULL))[1] AS device,
        (array_agg(cell.subtotal ORDER BY cell.row_no) FILTER (WHERE cell.subtotal IS NOT NULL))[1] AS subtotal,
        (array_agg(cell.discount ORDER BY cell.row_no) FILTER (WHERE cell.discount IS NOT NULL))[1] AS discount,
        (array_agg(cell.discount_code ORDER BY cell.row_no) FILTER (WHERE cell.discount_code IS NOT NULL))[1] AS discount_code,
        (array_agg(cell.shipping ORDER BY cell.row_no) FILTER (WHERE cell.shipping IS NOT NULL))[1] AS shipping,
        (array_agg(cell.taxes ORDER BY cell.row_no) FILTER (WHERE cell.taxes IS NOT NULL))[1] AS taxes,
        (array_agg(cell.total ORDER BY cell.row_no) FILTER (WHERE cell.total IS NOT NULL))[1] AS total,
        (array_agg(cell.financial_status ORDER BY cell.row_no) FILTER (WHERE cell.financial_status IS NOT NULL))[1] AS financial_status,
        (array_agg(cell.fulfillment_status ORDER BY cell.row_no) FILTER (WHERE cell.fulfillment_status IS NOT NULL))[1] AS fulfillment_status,
        (array_agg(cell.returned ORDER BY cell.row_no) FILTER (WHERE cell.returned IS NOT NULL))[1] AS returned
    FROM pg_temp.order_heads AS head
    INNER JOIN pg_temp.checked_rows AS cell
        ON head.order_key = coalesce(cell.order_id, cell.order_name) AND NOT cell.is_rejected
    WHERE head.is_scattered
    GROUP BY head.order_key;
    ANALYZE pg_temp.scattered_orders;
END;
$$;

COMMENT ON FUNCTION commerce.gather_order_headers IS
'Leaves for commerce.merge_orders() the first row of each order in pg_temp.order_heads, and in pg_temp.scattered_orders the columns of the orders whose first row has not all of them. Rows that another row of the file replaces count too, rejected ones do not.';

REVOKE ALL ON FUNCTION commerce.gather_order_headers FROM PUBLIC;
