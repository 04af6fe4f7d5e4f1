-- model_risk.revalidation_next_change_on(): the very day on which the status changes by itself.
BEGIN;
SELECT plan(24);
SET LOCAL tidemark.as_of = '2025-06-30';

-- Submission due on 10 June, grace to 10 August, validation due on 10 October
CREATE TEMPORARY TABLE asked (branch text, as_of date, expected date);
INSERT INTO asked VALUES
('INTERIM', '2025-06-09', '2025-06-11'),
('INTERIM', '2025-06-10', '2025-06-11'),
('INTERIM', '2025-06-11', '2025-10-11'),
('INTERIM', '2025-10-10', '2025-10-11'),
('INTERIM', '2025-10-11', NULL),
('NOSUB', '2025-06-10', '2025-06-11'),
('NOSUB', '2025-06-11', '2025-08-11'),
('NOSUB', '2025-08-10', '2025-08-11'),
('NOSUB', '2025-08-11', NULL),
('NOSUB', '2025-10-11', NULL),
('SUB', '2025-06-10', '2025-10-11'),
('SUB', '2025-10-10', '2025-10-11'),
('SUB', '2025-10-11', NULL),
('NONE', '2025-06-10', '2025-08-11'),
('NONE', '2025-08-10', '2025-08-11'),
('NONE', '2025-08-11', '2025-10-11'),
('NONE', '2025-10-10', '2025-10-11'),
('NONE', '2025-10-11', NULL),
('NEVER', '2025-06-10', NULL),
('NO_POLICY', '2025-06-10', NULL);
SELECT is(
    model_risk.revalidation_next_change_on(branch, '2025-06-10', '2025-08-10', '2025-10-10', as_of), expected,
    format('%s on %s next changes %s', branch, as_of, coalesce('on ' || expected, 'never'))
) FROM asked;
SELECT is(
    model_risk.revalidation_next_change_on('NEVER', NULL, NULL, NULL, '2025-06-10'), NULL, 'NEVER without dates never changes'
);
SELECT is(
    model_risk.revalidation_next_change_on('NO_POLICY', NULL, NULL, '2025-10-10', '2025-06-10'), NULL,
    'The end of an interim approval does not change No Policy Configured'
);
SELECT is(model_risk.revalidation_next_change_on(NULL, NULL, NULL, NULL, '2025-06-10'), NULL, 'No branch never changes');

-- Against the rule itself: the answer is the first later day with another status
SELECT is_empty(
    $$WITH day AS (SELECT day::date AS day FROM generate_series('2025-06-01'::date, '2025-11-15', '1 day') AS day),
    grid AS (
        SELECT branch, s, s + grace AS g, s + grace + lead AS v, day.day AS as_of
        FROM unnest(ARRAY['NEVER', 'NO_POLICY', 'INTERIM', 'NOSUB', 'SUB', 'NONE']) AS branch,
            unnest(ARRAY['2025-06-10'::date]) AS s, unnest(ARRAY[0, 61]) AS grace, unnest(ARRAY[0, 1, 61]) AS lead, day
    )
    SELECT * FROM grid WHERE model_risk.revalidation_next_change_on(branch, s, g, v, as_of) IS DISTINCT FROM (
        SELECT min(day.day) FROM day WHERE day.day > grid.as_of
            AND model_risk.revalidation_status(branch, s, g, v, day.day) <> model_risk.revalidation_status(branch, s, g, v, as_of)
    )$$,
    'The date is the first later day with another status, boundaries on one day included'
);
SELECT * FROM finish();
ROLLBACK;
