-- Commerce: orders and their lines.
-- depends: 0012_commerce_uploads

CREATE TABLE commerce.orders (
    shop_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    csv_upload_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    customer_id text COLLATE "C",
    customer_email text,
    customer_country text,
    shipping_province text,
    shipping_city text,
    currency text NOT NULL,
    clv_band text,
    channel text,
    device text,
    subtotal numeric(14, 2),
    discount numeric(14, 2),
    discount_code text,
    shipping numeric(14, 2),
    taxes numeric(14, 2),
    total numeric(14, 2),
    financial_status text,
    fulfillment_status text,
    returned boolean NOT NULL DEFAULT false,
    CONSTRAINT orders_pkey PRIMARY KEY (shop_id, order_id),
    CONSTRAINT orders_csv_upload_id_fkey FOREIGN KEY (csv_upload_id) REFERENCES commerce.csv_uploads,
    CONSTRAINT orders_order_id_at_most_255_check CHECK (length(order_id) <= 255)
);

COMMENT ON TABLE commerce.orders IS
'Orders as the newest file that mentions them has them. Identifiers are text and never parsed; two shops may use the same.';
COMMENT ON COLUMN commerce.orders.csv_upload_id IS 'The upload that last wrote the row; its run is the run of the order.';
COMMENT ON COLUMN commerce.orders.created_at IS 'Time of the order, UTC.';
COMMENT ON COLUMN commerce.orders.currency IS
'Upper case. All amounts of the order and its lines are in it, in whole units with two decimals.';
COMMENT ON COLUMN commerce.orders.returned IS 'False also when the file does not say.';

CREATE TABLE commerce.order_lines (
    shop_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    line_key text COLLATE "C" NOT NULL,
    csv_upload_id uuid NOT NULL,
    line_item_id text COLLATE "C",
    variant_id text COLLATE "C",
    product_id text COLLATE "C",
    sku text COLLATE "C",
    name text,
    product_title text,
    variant_title text,
    brand text,
    category text,
    quantity integer NOT NULL,
    unit_price numeric(14, 2) NOT NULL,
    line_total numeric(14, 2) NOT NULL,
    line_discount numeric(14, 2) NOT NULL DEFAULT 0,
    requires_shipping boolean,
    is_gift_card boolean,
    taxable boolean,
    CONSTRAINT order_lines_pkey PRIMARY KEY (shop_id, order_id, line_key),
    CONSTRAINT order_lines_shop_id_order_id_fkey FOREIGN KEY (shop_id, order_id)
    REFERENCES commerce.orders ON DELETE CASCADE
);

COMMENT ON TABLE commerce.order_lines IS
'Lines of the orders; an order in a file replaces all its lines. A line may name a variant that no file describes, or none at all.';
COMMENT ON COLUMN commerce.order_lines.line_key IS
'li: and the line id; without one it: and variant, else SKU, else nothing, then # and the number among such lines of the order.';
COMMENT ON COLUMN commerce.order_lines.csv_upload_id IS
'The upload that last wrote the row. No foreign key, which would look it up once per line: only loads write here, and an upload with lines cannot be deleted.';
COMMENT ON COLUMN commerce.order_lines.quantity IS 'Units; 0 or negative in corrections and returns.';
COMMENT ON COLUMN commerce.order_lines.line_total IS
'Net of the discount of the line: as the file states it, else unit price times quantity less line_discount, rounded at the end.';

GRANT SELECT ON commerce.orders, commerce.order_lines TO tidemark_app, tidemark_operator;
