-- Orders, and a few of them to look at.

CREATE SCHEMA {{schema}};
COMMENT ON SCHEMA {{schema}} IS
'Orders and what is reported of them.';

CREATE TABLE {{schema}}.orders (
    order_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT orders_pkey PRIMARY KEY,
    customer text NOT NULL,
    ordered_on date NOT NULL,
    amount numeric(12, 2) NOT NULL
);

COMMENT ON TABLE {{schema}}.orders IS
'One row per order; amount in EUR.';

CREATE INDEX orders_customer_idx ON {{schema}}.orders (customer);

INSERT INTO {{schema}}.orders (customer, ordered_on, amount)
VALUES
    ('Amber & Sons', '2026-03-02', 120.00),
    ('Amber & Sons', '2026-04-17', 80.50),
    ('Birch Ltd', '2026-04-20', 310.00);
