-- The models-list rules: validation_status(), validation_next_change_on(), days_overdue().
BEGIN;
SELECT plan(23);
SET LOCAL tidemark.as_of = '2025-06-30';

-- Due on 1 October 2025; ninety days before is 3 July
CREATE TEMPORARY TABLE asked (as_of date, expected text, next_change date, claim text);
INSERT INTO asked VALUES
('2025-07-02', 'current', '2025-07-03', 'ninety-one days before it is due'),
('2025-07-03', 'due_soon', '2025-10-01', 'ninety days before it is due'),
('2025-07-04', 'due_soon', '2025-10-01', 'eighty-nine days before it is due'),
('2025-09-30', 'due_soon', '2025-10-01', 'the day before it is due'),
('2025-10-01', 'overdue', NULL, 'the day it is due'),
('2025-10-02', 'overdue', NULL, 'the day after it was due');
SELECT is(
    model_risk.validation_status('2025-10-01', as_of), expected, format('A model is %s %s', expected, claim)
) FROM asked;
SELECT is(
    model_risk.validation_next_change_on('2025-10-01', as_of), next_change,
    format('The next change is named %s', claim)
) FROM asked;
SELECT is(model_risk.validation_status(NULL, '2025-06-30'), NULL, 'Without a due date there is no status');
SELECT is(model_risk.validation_next_change_on(NULL, '2025-06-30'), NULL, 'Without a due date nothing changes');
SELECT set_eq(
    $$SELECT DISTINCT model_risk.validation_status(due, '2025-06-30')
    FROM (SELECT '2025-06-30'::date + n AS due FROM generate_series(-200, 200) AS n UNION ALL SELECT NULL) AS grid$$,
    'SELECT code FROM model_risk.validation_status_code UNION ALL SELECT NULL',
    'The rule returns exactly the codes of the code table, or nothing'
);
SELECT is_empty(
    $$WITH day AS (SELECT day::date AS day FROM generate_series('2025-06-01'::date, '2025-11-15', '1 day') AS day)
    SELECT as_of.day FROM day AS as_of
    WHERE model_risk.validation_next_change_on('2025-10-01', as_of.day) IS DISTINCT FROM (
        SELECT min(day.day) FROM day WHERE day.day > as_of.day
            AND model_risk.validation_status('2025-10-01', day.day) <> model_risk.validation_status('2025-10-01', as_of.day)
    )$$,
    'The date is the first later day with another status'
);

-- days_overdue(): grace ended on 1 July 2025, due on 1 October
SELECT is(model_risk.days_overdue('2025-10-01', '2025-07-01', '2025-07-02'), 0, 'After grace nothing counts yet');
SELECT is(model_risk.days_overdue('2025-10-01', '2025-07-01', '2025-09-30'), 0, 'The day before it is due counts zero');
SELECT is(model_risk.days_overdue('2025-10-01', '2025-07-01', '2025-10-01'), 92, 'On the due day the count starts with a jump');
SELECT is(model_risk.days_overdue('2025-10-01', '2025-07-01', '2025-10-02'), 93, 'From then on each day counts one');
SELECT is(
    model_risk.days_overdue('2025-07-01', '2025-07-01', '2025-07-01'), 0, 'Without lead the due day itself counts zero'
);
SELECT is(model_risk.days_overdue('2025-07-01', '2025-07-01', '2025-07-02'), 1, 'Without lead the day after counts one');
SELECT is(model_risk.days_overdue(NULL, NULL, '2025-07-02'), 0, 'Without a due date nothing is overdue');
SELECT * FROM finish();
ROLLBACK;
