-- commerce.merge_orders()
-- Writes the orders of a file: each replaces its whole earlier version.
-- requires: commerce.upload_to_merge(), commerce.gather_order_headers()
-- source:   docs/commerce.md, "What a load writes"

CREATE OR REPLACE FUNCTION commerce.merge_orders(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
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
        USING pg_temp.order_headers AS head
        WHERE line.shop_id = v_upload.shop_id AND line.order_id = head.order_key;
        GET DIAGNOSTICS v_removed = ROW_COUNT;
    END IF;

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
        head.created_at,
        head.customer_id,
        head.customer_email,
        head.customer_country,
        head.shipping_province,
        head.shipping_city,
        upper(coalesce(head.currency, v_upload.currency) COLLATE "default"),
        head.clv_band,
        head.channel,
        head.device,
        head.subtotal,
        head.discount,
        head.discount_code,
        head.shipping,
        head.taxes,
        head.total,
        head.financial_status,
        head.fulfillment_status,
        coalesce(head.returned, false)
    FROM pg_temp.order_headers AS head
    ORDER BY head.order_key
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
        returned = excluded.returned;
    GET DIAGNOSTICS v_orders = ROW_COUNT;

    INSERT INTO commerce.order_lines (
        shop_id, order_id, line_key, csv_upload_id,
        line_item_id, variant_id, product_id, sku, name, product_title, variant_title, brand, category, quantity,
        unit_price, line_total, line_discount, requires_shipping, is_gift_card, taxable
    )
    SELECT
        v_upload.shop_id,
        line.order_key,
        line.line_key,
        v_upload.csv_upload_id,
        line.line_item_id,
        line.variant_id,
        line.product_id,
        line.sku,
        line.name,
        line.product_title,
        line.variant_title,
        line.brand,
        line.category,
        line.quantity,
        line.unit_price,
        line.line_total,
        line.line_discount,
        line.requires_shipping,
        line.is_gift_card,
        line.taxable
    FROM pg_temp.order_rows AS line
    ORDER BY line.order_key, line.line_key;
    GET DIAGNOSTICS v_lines = ROW_COUNT;

    SELECT min(head.created_at), max(head.created_at) INTO v_first_at, v_last_at
    FROM pg_temp.order_headers AS head;
    RETURN jsonb_build_object(
        'orders', v_orders, 'lines', v_lines, 'replaced_lines', v_removed,
        'first_order_at', v_first_at, 'last_order_at', v_last_at
    );
END;
$$;

COMMENT ON FUNCTION commerce.merge_orders IS
'Called by the loader after commerce.check_orders(). Headers are overwritten; the lines of an order are exactly the accepted ones of this file afterwards. Orders the file does not mention stay.';

REVOKE ALL ON FUNCTION commerce.merge_orders FROM PUBLIC;
