-- {{schema}}.customer_sales
-- What each customer ordered, always current.
-- grain:    one row per customer
-- requires: nothing
-- source:   README.md, "What is in it"

CREATE OR REPLACE VIEW {{schema}}.customer_sales AS
SELECT
    ord.customer,
    count(*) AS order_count,
    sum(ord.amount) AS amount,
    max(ord.ordered_on) AS last_ordered_on
FROM {{schema}}.orders AS ord
GROUP BY ord.customer;

COMMENT ON VIEW {{schema}}.customer_sales IS
'One row per customer with at least one order; amount in EUR.';
