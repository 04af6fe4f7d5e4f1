-- model_risk.add_months(): calendar months, clamped to the end of the target month.
BEGIN;
SELECT plan(15);
SET LOCAL tidemark.as_of = '2025-06-30';

SELECT is(model_risk.add_months('2025-01-15', 0), '2025-01-15'::date, 'Adding nothing changes nothing');
SELECT is(model_risk.add_months('2025-01-30', 1), '2025-02-28'::date, 'The day before the last of January is clamped');
SELECT is(model_risk.add_months('2025-01-31', 1), '2025-02-28'::date, 'The last of January becomes the last of February');
SELECT is(model_risk.add_months('2024-01-31', 1), '2024-02-29'::date, 'In a leap year February ends on the 29th');
SELECT is(model_risk.add_months('2025-02-28', 1), '2025-03-28'::date, 'The end of a month does not stick');
SELECT is(model_risk.add_months('2024-02-29', 12), '2025-02-28'::date, 'A leap day has its anniversary on the 28th');
SELECT is(model_risk.add_months('2024-02-29', 48), '2028-02-29'::date, 'A leap day meets the next leap day');
SELECT is(model_risk.add_months('2025-12-31', 2), '2026-02-28'::date, 'Clamping works across the year');
SELECT is(model_risk.add_months(NULL, 12), NULL, 'No day gives no day');
SELECT is(model_risk.add_months('2025-01-31', NULL), NULL, 'No number of months gives no day');

-- Frequency first, then grace: the clamped day of the first step is where the second starts
CREATE TEMPORARY TABLE clamped (base date, frequency integer, grace integer, due date, grace_end date, one_step date);
INSERT INTO clamped VALUES
('2023-08-31', 6, 1, '2024-02-29', '2024-03-29', '2024-03-31'),
('2024-02-29', 12, 2, '2025-02-28', '2025-04-28', '2025-04-29'),
('2023-08-31', 18, 3, '2025-02-28', '2025-05-28', '2025-05-31'),
('2022-12-31', 12, 2, '2023-12-31', '2024-02-29', '2024-02-29');
SELECT is(
    (
        model_risk.add_months(base, frequency),
        model_risk.add_months(model_risk.add_months(base, frequency), grace),
        model_risk.add_months(base, frequency + grace)
    ),
    (due, grace_end, one_step),
    format('%s plus %s and %s months is clamped in between', base, frequency, grace)
) FROM clamped;

SELECT is_empty(
    $$SELECT day, months FROM generate_series('2023-01-01'::date, '2028-12-31', '1 day') AS day,
        generate_series(0, 36) AS months
    WHERE model_risk.add_months(day::date, months) <> (
        SELECT least(day.first + extract(DAY FROM day.day)::integer - 1, (day.first + interval '1 month - 1 day')::date)
        FROM (SELECT day, (date_trunc('month', day) + make_interval(months => months))::date AS first) AS day (day, first)
    )$$,
    'Every day keeps its number or becomes the last day of the target month'
);
SELECT * FROM finish();
ROLLBACK;
