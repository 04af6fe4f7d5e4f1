-- planning.rate_in_force
-- The daily rate of every worker type today, and the one that is open.
-- grain:    one row per worker type
-- requires: refresh.as_of_date(), planning.is_rate_on()
-- source:   docs/planning_writes.md, "Rates"

CREATE OR REPLACE VIEW planning.rate_in_force AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    typ.id AS worker_type_id,
    -- of each kind there is at most one: rates of a type share no day
    (array_agg(rat.id ORDER BY rat.id) FILTER (WHERE planning.is_rate_on(rat.start_date, rat.end_date, clock.as_of)))[1] AS rate_id,
    min(rat.rate_amount) FILTER (WHERE planning.is_rate_on(rat.start_date, rat.end_date, clock.as_of)) AS rate_amount,
    (array_agg(rat.id ORDER BY rat.id) FILTER (WHERE rat.id IS NOT NULL AND rat.end_date IS NULL))[1] AS open_rate_id,
    min(rat.rate_amount) FILTER (WHERE rat.end_date IS NULL) AS open_rate_amount,
    min(rat.start_date) FILTER (WHERE rat.end_date IS NULL) AS open_from,
    least(
        min(rat.end_date) FILTER (WHERE planning.is_rate_on(rat.start_date, rat.end_date, clock.as_of)) + 1,
        min(rat.start_date) FILTER (WHERE rat.start_date > clock.as_of)
    ) AS next_change_on
FROM planning.worker_types AS typ
CROSS JOIN clock
LEFT JOIN planning.rates AS rat ON typ.id = rat.worker_type_id
GROUP BY typ.id;

COMMENT ON VIEW planning.rate_in_force IS
'First and last day of a rate count. rate_id and rate_amount are NULL for a type without a rate today.';
COMMENT ON COLUMN planning.rate_in_force.open_rate_id IS 'Rate without an end; it may still be to come. NULL: the last one was closed, or there was none.';
COMMENT ON COLUMN planning.rate_in_force.open_from IS 'First day of that rate; after today it is not the rate in force.';
COMMENT ON COLUMN planning.rate_in_force.next_change_on IS 'Next day with another rate in force although no table changes; NULL: never.';

GRANT SELECT ON planning.rate_in_force TO tidemark_operator;
