-- {{schema}}.customer_sales_by_customer
-- The same rows, kept: cheap to read, at most five minutes old.
-- grain:    one row per customer
-- requires: refresh.store(), {{schema}}.customer_sales
-- source:   README.md, "What is in it"

SELECT refresh.store(
    '{{schema}}.customer_sales_by_customer',
    live => '{{schema}}.customer_sales',
    key => '{customer}',
    target_lag => '5 minutes'
);

COMMENT ON VIEW {{schema}}.customer_sales_by_customer IS
'Same columns and rows as {{schema}}.customer_sales.';
