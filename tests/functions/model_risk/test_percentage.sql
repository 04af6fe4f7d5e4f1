-- model_risk.percentage() and coverage_percentage(): two decimals, and what happens to a tie.
BEGIN;
SELECT plan(14);
SET LOCAL tidemark.as_of = '2025-06-30';

SELECT is(model_risk.percentage(1, 3), 33.33, 'A third is 33.33 percent');
SELECT is(model_risk.percentage(2, 3), 66.67, 'Two thirds are 66.67 percent');
SELECT is(model_risk.percentage(1, 32), 3.13, 'A tie of a KPI goes away from zero');
SELECT is(model_risk.percentage(0, 0), 0.00, 'Nothing of nothing is 0 percent');
SELECT is(model_risk.percentage(9000000000, 9000000000), 100.00, 'Large counts do not overflow');
SELECT is(model_risk.percentage(NULL, 5), NULL, 'An unknown count has no percentage');

SELECT is(model_risk.coverage_percentage(1, 3), 33.33, 'A coverage of a third is 33.33 percent');
SELECT is(model_risk.coverage_percentage(1, 32), 3.12, 'A tie of a coverage goes to the even digit below');
SELECT is(model_risk.coverage_percentage(3, 32), 9.38, 'A tie of a coverage goes to the even digit above');
SELECT is(model_risk.coverage_percentage(29, 32), 90.62, '29 of 32 are 90.62 percent');
SELECT is(model_risk.coverage_percentage(0, 0), 0.00, 'A coverage of nothing is 0 percent');
SELECT is(model_risk.coverage_percentage(5, 5), 100.00, 'All is 100 percent');
SELECT is_empty(
    $$SELECT part, total FROM generate_series(1, 400) AS total, generate_series(0, 400) AS part
    WHERE part <= total AND abs(model_risk.coverage_percentage(part, total) - 100.0 * part / total) > 0.005$$,
    'A coverage is never further off than half a hundredth'
);
SELECT is_empty(
    $$SELECT part, total FROM generate_series(1, 400) AS total, generate_series(0, 400) AS part
    WHERE part <= total AND CASE
        WHEN 100000 * part % (10 * total) = 5 * total THEN (model_risk.coverage_percentage(part, total) * 100) % 2 <> 0
        ELSE model_risk.coverage_percentage(part, total) <> model_risk.percentage(part, total)
    END$$,
    'Only exact ties end in an even digit; everything else is rounded as in a KPI'
);
SELECT * FROM finish();
ROLLBACK;
