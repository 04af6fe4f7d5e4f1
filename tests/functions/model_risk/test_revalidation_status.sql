-- model_risk.revalidation_status(): a status changes the day after its due day.
BEGIN;
SELECT plan(42);
SET LOCAL tidemark.as_of = '2025-06-30';

-- Submission due on 10 June, grace to 10 August, validation due on 10 October
CREATE TEMPORARY TABLE asked (branch text, as_of date, expected text, claim text);
INSERT INTO asked VALUES
('INTERIM', '2025-06-09', 'Pending Full Validation', 'the day before submission is due'),
('INTERIM', '2025-06-10', 'Pending Full Validation', 'the day submission is due'),
('INTERIM', '2025-06-11', 'Submission Overdue (INTERIM)', 'the day after submission was due'),
('INTERIM', '2025-10-09', 'Submission Overdue (INTERIM)', 'the day before the interim approval ends'),
('INTERIM', '2025-10-10', 'Submission Overdue (INTERIM)', 'the day the interim approval ends'),
('INTERIM', '2025-10-11', 'INTERIM Expired - Full Validation Required', 'the day after the interim approval ended'),
('NOSUB', '2025-06-09', 'Awaiting Submission', 'the day before submission is due'),
('NOSUB', '2025-06-10', 'Awaiting Submission', 'the day submission is due'),
('NOSUB', '2025-06-11', 'In Grace Period', 'the day after submission was due'),
('NOSUB', '2025-08-09', 'In Grace Period', 'the day before grace ends'),
('NOSUB', '2025-08-10', 'In Grace Period', 'the day grace ends'),
('NOSUB', '2025-08-11', 'Submission Overdue', 'the day after grace ended'),
('NOSUB', '2025-10-10', 'Submission Overdue', 'the day validation is due'),
('NOSUB', '2025-10-11', 'Submission Overdue', 'after validation was due: never Validation Overdue'),
('NOSUB', '2035-10-11', 'Submission Overdue', 'ten years later'),
('SUB', '2025-06-11', 'Validation In Progress', 'after submission was due: nothing happens'),
('SUB', '2025-08-11', 'Validation In Progress', 'after grace ended, even when the submission came late'),
('SUB', '2025-10-09', 'Validation In Progress', 'the day before validation is due'),
('SUB', '2025-10-10', 'Validation In Progress', 'the day validation is due'),
('SUB', '2025-10-11', 'Validation Overdue', 'the day after validation was due'),
('NONE', '2025-06-10', 'Upcoming', 'the day submission is due'),
('NONE', '2025-06-11', 'Upcoming', 'the day after submission was due: nothing happens'),
('NONE', '2025-08-09', 'Upcoming', 'the day before grace ends'),
('NONE', '2025-08-10', 'Upcoming', 'the day grace ends'),
('NONE', '2025-08-11', 'Should Create Request', 'the day after grace ended'),
('NONE', '2025-10-09', 'Should Create Request', 'the day before validation is due'),
('NONE', '2025-10-10', 'Should Create Request', 'the day validation is due'),
('NONE', '2025-10-11', 'Revalidation Overdue (No Request)', 'the day after validation was due');
SELECT is(
    model_risk.revalidation_status(branch, '2025-06-10', '2025-08-10', '2025-10-10', as_of), expected,
    format('%s is %s on %s', branch, expected, claim)
) FROM asked;

-- Without due dates
SELECT is(
    model_risk.revalidation_status('NEVER', NULL, NULL, NULL, '2025-06-30'), 'Never Validated', 'NEVER needs no date'
);
SELECT is(
    model_risk.revalidation_status('NO_POLICY', NULL, NULL, NULL, '2025-06-30'), 'No Policy Configured',
    'NO_POLICY needs no date'
);
SELECT is(
    model_risk.revalidation_status('NO_POLICY', NULL, NULL, '2025-06-29', '2025-06-30'), 'No Policy Configured',
    'NO_POLICY stays when an interim approval has ended'
);
SELECT is(
    model_risk.revalidation_status('INTERIM', '2025-06-10', NULL, '2025-10-10', '2025-06-11'),
    'Submission Overdue (INTERIM)', 'INTERIM needs no end of grace'
);
SELECT is(model_risk.revalidation_status(NULL, NULL, NULL, NULL, '2025-06-30'), NULL, 'No branch has no status');

-- Boundaries that fall on one day leave a status out
SELECT is(
    ARRAY[
        model_risk.revalidation_status('NOSUB', '2025-06-10', '2025-06-10', '2025-10-10', '2025-06-10'),
        model_risk.revalidation_status('NOSUB', '2025-06-10', '2025-06-10', '2025-10-10', '2025-06-11')
    ],
    ARRAY['Awaiting Submission', 'Submission Overdue'], 'Without grace NOSUB skips In Grace Period'
);
SELECT is(
    ARRAY[
        model_risk.revalidation_status('NONE', '2025-06-10', '2025-08-10', '2025-08-10', '2025-08-10'),
        model_risk.revalidation_status('NONE', '2025-06-10', '2025-08-10', '2025-08-10', '2025-08-11')
    ],
    ARRAY['Upcoming', 'Revalidation Overdue (No Request)'], 'Without lead and working time NONE skips Should Create Request'
);
SELECT is(
    ARRAY[
        model_risk.revalidation_status('INTERIM', '2025-10-10', NULL, '2025-10-10', '2025-10-10'),
        model_risk.revalidation_status('INTERIM', '2025-10-10', NULL, '2025-10-10', '2025-10-11')
    ],
    ARRAY['Pending Full Validation', 'INTERIM Expired - Full Validation Required'],
    'Without lead INTERIM skips Submission Overdue (INTERIM)'
);

-- Codes, in both directions
CREATE TEMPORARY TABLE grid AS
SELECT model_risk.revalidation_status(branch, s.due, g.due, v.due, as_of.day::date) AS code
FROM unnest(ARRAY['NEVER', 'NO_POLICY', 'INTERIM', 'NOSUB', 'SUB', 'NONE']) AS branch,
    (VALUES ('2025-06-10'::date), (NULL)) AS s (due),
    (VALUES ('2025-06-10'::date), ('2025-08-10'), (NULL)) AS g (due),
    (VALUES ('2025-06-10'::date), ('2025-10-10'), (NULL)) AS v (due),
    generate_series('2025-06-01'::date, '2025-11-01', '1 day') AS as_of (day);
SELECT set_eq(
    'SELECT DISTINCT code FROM grid', 'SELECT code FROM model_risk.revalidation_status_code',
    'The rule returns exactly the codes of the code table'
);

-- is_revalidation_overdue()
SELECT set_eq(
    $$SELECT code FROM model_risk.revalidation_status_code WHERE model_risk.is_revalidation_overdue(code)$$,
    ARRAY[
        'Submission Overdue', 'Submission Overdue (INTERIM)', 'Validation Overdue', 'Revalidation Overdue (No Request)',
        'Should Create Request', 'INTERIM Expired - Full Validation Required'
    ],
    'Six of the thirteen statuses are overdue'
);
SELECT set_eq(
    $$SELECT code FROM model_risk.revalidation_status_code WHERE NOT model_risk.is_revalidation_overdue(code)$$,
    ARRAY[
        'Never Validated', 'No Policy Configured', 'Pending Full Validation', 'Awaiting Submission', 'In Grace Period',
        'Validation In Progress', 'Upcoming'
    ],
    'Never validated and without policy count as on time'
);
SELECT is_empty(
    'SELECT code FROM model_risk.revalidation_status_code WHERE model_risk.is_revalidation_overdue(code) <> (severity >= 2)',
    'A status is overdue exactly when its severity is 2 or 3'
);
SELECT is(model_risk.is_revalidation_overdue(NULL), NULL, 'No status is neither on time nor overdue');
SELECT is(model_risk.is_revalidation_overdue('Overdue'), false, 'An unknown status is not overdue');
SELECT * FROM finish();
ROLLBACK;
