-- commerce.merge_orders()
-- Writes the orders of a file: each replaces its whole earlier version.
-- requires: commerce.upload_to_merge(), commerce.gather_order_headers(), commerce.line_total()
-- source:   docs/commerce.md, "What a load writes"

CREATE OR REPLACE FUNCTION commerce.merge_orders(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
SET plan_cache_mode = force_custom_plan  -- tables grow by a million rows between two calls
AS $$
DECLARE
    v_upload record := commerce.upload_to_merge(p_upload_id);
    v_orders bigint;
    v_lines bigint;
    v_removed bigint := 0;
    v_first_at timestamptz;
    v_last_at timestamptz;
BEGIN
    PERFORM commerce.gather_order_headers();
    IF EXISTS (SELECT FROM commerce.orders AS ord WHERE ord.shop_id = v_upload.shop_id) THEN
        DELETE FROM commerce.order_lines AS line
        USING pg_temp.order_heads AS head
        WHERE line.shop_id = v_upload.shop_id AND line.order_id = head.order_key;
        GET DIAGNOSTICS v_removed = ROW_COUNT;
    END IF;

    -- Both tables are written in the order of the file, which costs no sort: loads of one shop wait for each other, and
    -- the keys of an export mostly rise.
    WITH written AS (
        INSERT INTO commerce.orders AS ord (
            shop_id, order_id, csv_upload_id,
            created_at, customer_id, customer_email, customer_country, shipping_province, shipping_city, currency,
            clv_band, channel, device, subtotal, discount, discount_code, shipping, taxes, total, financial_status,
            fulfillment_status, returned
        )
        SELECT
            v_upload.shop_id,
            head.order_key,
            v_upload.csv_upload_id,
            coalesce(cell.created_at, rest.created_at),
            coalesce(cell.customer_id, rest.customer_id),
            coalesce(cell.customer_email, rest.customer_email),
            coalesce(cell.customer_country, rest.customer_country),
            coalesce(cell.shipping_province, rest.shipping_province),
            coalesce(cell.shipping_city, rest.shipping_city),
            upper(coalesce(cell.currency, rest.currency, v_upload.currency) COLLATE "C"),
            coalesce(cell.clv_band, rest.clv_band),
            coalesce(cell.channel, rest.channel),
            coalesce(cell.device, rest.device),
            coalesce(cell.subtotal, rest.subtotal),
            coalesce(cell.discount, rest.discount),
            coalesce(cell.discount_code, rest.discount_code),
            coalesce(cell.shipping, rest.shipping),
            coalesce(cell.taxes, rest.taxes),
            coalesce(cell.total, rest.total),
            coalesce(cell.financial_status, rest.financial_status),
            coalesce(cell.fulfillment_status, rest.fulfillment_status),
            coalesce(cell.returned, rest.returned, false)
        FROM pg_temp.order_heads AS head
        INNER JOIN pg_temp.checked_rows AS cell ON head.first_row_no = cell.row_no
        LEFT JOIN pg_temp.scattered_orders AS rest ON head.order_key = rest.order_key
        ON CONFLICT (shop_id, order_id) DO UPDATE
        SET
            csv_upload_id = excluded.csv_upload_id,
            created_at = excluded.created_at,
            customer_id = excluded.customer_id,
            customer_email = excluded.customer_email,
            customer_country = excluded.customer_country,
            shipping_province = excluded.shipping_province,
            shipping_city = excluded.shipping_city,
            currency = excluded.currency,
            clv_band = excluded.clv_band,
            channel = excluded.channel,
            device = excluded.device,
            subtotal = excluded.subtotal,
            discount = excluded.discount,
            discount_code = excluded.discount_code,
            shipping = excluded.shipping,
            taxes = excluded.taxes,
            total = excluded.total,
            financial_status = excluded.financial_status,
            fulfillment_status = excluded.fulfillment_status,
            returned = excluded.returned
        RETURNING created_at
    )
    SELECT count(*), min(written.created_at), max(written.created_at) INTO v_orders, v_first_at, v_last_at
    FROM written;

    INSERT INTO commerce.order_lines (
        shop_id, order_id, line_key, csv_upload_id, ordered_at,
        line_item_id, variant_id, product_id, sku, name, product_title, variant_title, brand, category, quantity,
        unit_price, line_total, line_discount, requires_shipping, is_gift_card, taxable
    )
    SELECT
        v_upload.shop_id,
        coalesce(cell.order_id, cell.order_name),
        coalesce('li:' || cell.line_item_id, item.line_key),
        v_upload.csv_upload_id,
        -- one look each, beside that of the foreign key: a join would lose the order of the file
        (
            SELECT ord.created_at FROM commerce.orders AS ord
            WHERE ord.shop_id = v_upload.shop_id AND ord.order_id = coalesce(cell.order_id, cell.order_name)
        ),
        cell.line_item_id,
        cell.variant_id,
        cell.product_id,
        cell.sku,
        coalesce(cell.line_item_name, cell.product_title),
        cell.product_title,
        cell.variant_title,
        cell.brand,
        cell.category,
        coalesce(cell.quantity, 1),
        cell.unit_price,
        commerce.line_total(cell.discounted_total, cell.unit_price, cell.quantity, cell.line_discount),
        coalesce(cell.line_discount, 0),
        cell.requires_shipping,
        cell.is_gift_card,
        cell.taxable
    FROM pg_temp.checked_rows AS cell
    LEFT JOIN pg_temp.item_lines AS item ON cell.row_no = item.row_no
    WHERE NOT cell.is_rejected AND NOT cell.is_superseded;
    GET DIAGNOSTICS v_lines = ROW_COUNT;
    RETURN jsonb_build_object(
        'orders', v_orders, 'lines', v_lines, 'replaced_lines', v_removed,
        'first_order_at', v_first_at, 'last_order_at', v_last_at
    );
END;
$$;

COMMENT ON FUNCTION commerce.merge_orders IS
'Called by the loader after commerce.check_orders(). Headers are overwritten; the lines of an order are exactly the accepted ones of this file afterwards. Orders the file does not mention stay.';

REVOKE ALL ON FUNCTION commerce.merge_orders FROM PUBLIC;
