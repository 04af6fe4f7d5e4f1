-- Spent money: actuals of things
-- About half of the occurrences that are past have one within ten days; besides, every day of work has small costs.

CREATE TEMP TABLE generated_spending ON COMMIT DROP AS
SELECT
    occurrence.no * 8 AS no,
    line.project_no,
    line.resource_id,
    occurrence.occurrence_date + pg_temp.draw_int(occurrence.no, 110, 0, 10) AS day,
    round(occurrence.base_amount * exp(0.2 * pg_temp.draw_normal(occurrence.no, 111))::numeric, 2) AS amount,
    -- one of ten is booked on the other treatment
    CASE WHEN (line.cost_treatment = 'CAPITAL') = (pg_temp.draw(occurrence.no, 115) < 0.9) THEN 1 ELSE 0 END::numeric AS capital_part
FROM pg_temp.generated_occurrence AS occurrence
INNER JOIN pg_temp.generated_line AS line ON occurrence.line_no = line.no
CROSS JOIN pg_temp.generated_plan AS plan
WHERE line.status = 'ACTIVE' AND occurrence.occurrence_date <= plan.as_of AND pg_temp.draw(occurrence.no, 116) < 0.55
UNION ALL
SELECT
    small.no * 8 + receipt_no,
    small.project_no,
    coalesce(line.resource_id, pg_temp.id_of('thing', plan.thing_base + pg_temp.share_of(plan.things, pg_temp.draw(small.no * 8 + receipt_no, 120)))),
    small.day,
    round(exp(5.01 + pg_temp.draw_normal(small.no * 8 + receipt_no, 121))::numeric, 2),
    pg_temp.choose(pg_temp.draw(small.no * 8 + receipt_no, 125), '{0.3,0.9}', '{1,0,0.5}')::numeric
FROM pg_temp.generated_plan AS plan
CROSS JOIN (
    SELECT cost.*, (1::bigint << 40) + cost.project_no::bigint * 4096 + (cost.day - plan.first_day) AS no
    FROM pg_temp.generated_cost AS cost
    CROSS JOIN pg_temp.generated_plan AS plan
    WHERE cost.day <= plan.as_of
) AS small
CROSS JOIN LATERAL generate_series(1, pg_temp.draw_int(small.no, 126, 0, 5)) AS receipt_no
LEFT JOIN pg_temp.generated_line AS line
    ON line.no = small.project_no * 8 + 1 AND pg_temp.draw(small.no * 8 + receipt_no, 127) < 0.5;

DELETE FROM pg_temp.generated_spending AS spending USING pg_temp.generated_plan AS plan WHERE spending.day > plan.as_of;
ANALYZE generated_spending;

INSERT INTO planning.actual_import_batches (id, source_type, actuals_through_date, file_name, record_count)
SELECT
    pg_temp.id_of('money file ' || plan.batch_base, spending.day - plan.first_day),
    'non_labor',
    spending.day,
    'costs-' || to_char(spending.day, 'YYYYMMDD') || '.csv',
    count(*)
FROM pg_temp.generated_spending AS spending
CROSS JOIN pg_temp.generated_plan AS plan
GROUP BY plan.batch_base, plan.first_day, spending.day;

INSERT INTO planning.actuals (
    id, project_id, resource_id, import_batch_id, actual_date, actual_cost, capital_amount, expense_amount
)
SELECT
    pg_temp.id_of('spending ' || plan.project_base, spending.no),
    project.id,
    spending.resource_id,
    pg_temp.id_of('money file ' || plan.batch_base, spending.day - plan.first_day),
    spending.day,
    spending.amount,
    round(spending.amount * spending.capital_part, 2),
    spending.amount - round(spending.amount * spending.capital_part, 2)
FROM pg_temp.generated_spending AS spending
INNER JOIN pg_temp.generated_project AS project ON spending.project_no = project.no
CROSS JOIN pg_temp.generated_plan AS plan
ORDER BY spending.day, spending.project_no, spending.no;

ANALYZE planning.actual_import_batches;

DO $$
DECLARE
    v_remake record;
BEGIN
    FOR v_remake IN SELECT rem.again FROM pg_temp.generated_remake AS rem ORDER BY rem.step, rem.name LOOP
        EXECUTE v_remake.again;
    END LOOP;
END $$;
