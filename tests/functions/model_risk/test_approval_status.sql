-- model_risk.approval_status(), is_approval_overdue(), approval_next_change_on(): may the model be used, and how long?
BEGIN;
SELECT plan(40);
SET LOCAL tidemark.as_of = '2025-06-30';

CREATE TEMPORARY TABLE asked (
    claim text, is_model boolean, approved boolean, overdue boolean, type text, substantive boolean, expected text
);
INSERT INTO asked VALUES
('A tool has no status', false, true, false, 'INITIAL', false, NULL),
('A tool has no status even when overdue', false, true, true, 'INITIAL', true, NULL),
('A tool never validated has no status', false, false, false, NULL, false, NULL),
('Nothing approved is never validated', true, false, false, NULL, false, 'NEVER_VALIDATED'),
('Work going on does not make a first approval', true, false, false, NULL, true, 'NEVER_VALIDATED'),
('An interim approval in time is interim', true, true, false, 'INTERIM', false, 'INTERIM_APPROVED'),
('An interim approval under work is still interim', true, true, false, 'INTERIM', true, 'INTERIM_APPROVED'),
('An initial validation in time is approved', true, true, false, 'INITIAL', false, 'APPROVED'),
('A comprehensive validation in time is approved', true, true, false, 'COMPREHENSIVE', false, 'APPROVED'),
('A targeted review in time is approved', true, true, false, 'TARGETED', false, 'APPROVED'),
('Work going on leaves an approval in time alone', true, true, false, 'INITIAL', true, 'APPROVED'),
('Overdue with work going on is in progress', true, true, true, 'INITIAL', true, 'VALIDATION_IN_PROGRESS'),
('Overdue interim with work going on is in progress', true, true, true, 'INTERIM', true, 'VALIDATION_IN_PROGRESS'),
('Overdue without work is expired', true, true, true, 'INITIAL', false, 'EXPIRED'),
('Overdue interim without work is expired', true, true, true, 'INTERIM', false, 'EXPIRED');
SELECT is(model_risk.approval_status(is_model, approved, overdue, type, substantive), expected, claim) FROM asked;

SELECT set_eq(
    $$SELECT DISTINCT model_risk.approval_status(is_model, approved, overdue, type, substantive)
    FROM unnest(ARRAY[true, false]) AS is_model, unnest(ARRAY[true, false]) AS approved,
        unnest(ARRAY[true, false]) AS overdue, unnest(ARRAY[true, false]) AS substantive,
        (SELECT type_code FROM model_risk.validation_types UNION ALL SELECT NULL) AS kind (type)$$,
    'SELECT code FROM model_risk.approval_status_code UNION ALL SELECT NULL',
    'The rule returns exactly the codes of the code table, or nothing'
);

-- is_approval_overdue()
SELECT is(
    model_risk.is_approval_overdue('No Policy Configured', '2025-06-30', '2025-06-29'), false,
    'Without policy the day before an interim approval ends is not overdue'
);
SELECT is(
    model_risk.is_approval_overdue('No Policy Configured', '2025-06-30', '2025-06-30'), false,
    'Without policy the day an interim approval ends is not overdue'
);
SELECT is(
    model_risk.is_approval_overdue('No Policy Configured', '2025-06-30', '2025-07-01'), true,
    'Without policy the day after an interim approval ended is overdue'
);
SELECT is(
    model_risk.is_approval_overdue('No Policy Configured', NULL, '2025-07-01'), false,
    'Without policy and end date nothing is overdue'
);
SELECT is(
    model_risk.is_approval_overdue('Never Validated', NULL, '2025-07-01'), false, 'Never validated is not overdue'
);
SELECT is(
    model_risk.is_approval_overdue('Should Create Request', '2025-12-31', '2025-07-01'), true,
    'An overdue status is overdue long before validation is due'
);
SELECT is_empty(
    $$SELECT code FROM model_risk.revalidation_status_code
    WHERE model_risk.is_approval_overdue(code, NULL, '2025-07-01') IS DISTINCT FROM model_risk.is_revalidation_overdue(code)$$,
    'Without a due date the status alone decides'
);
SELECT is_empty(
    $$WITH grid AS (
        SELECT s + grace + lead AS v, as_of::date AS as_of,
            model_risk.revalidation_status(branch, s, s + grace, s + grace + lead, as_of::date) AS code
        FROM unnest(ARRAY['INTERIM', 'NOSUB', 'SUB', 'NONE']) AS branch, unnest(ARRAY['2025-06-10'::date]) AS s,
            unnest(ARRAY[0, 61]) AS grace, unnest(ARRAY[0, 61]) AS lead,
            generate_series('2025-06-01'::date, '2025-11-15', '1 day') AS as_of
    )
    SELECT * FROM grid WHERE model_risk.is_approval_overdue(code, v, as_of) <> model_risk.is_revalidation_overdue(code)$$,
    'With a policy the due date adds nothing to the status'
);

-- approval_next_change_on(): submission due 10 June, grace to 10 August, validation due 10 October
CREATE TEMPORARY TABLE ahead (is_model boolean, branch text, as_of date, expected date);
INSERT INTO ahead VALUES
(true, 'NO_POLICY', '2025-10-10', '2025-10-11'),
(true, 'NO_POLICY', '2025-10-11', NULL),
(true, 'SUB', '2025-06-11', '2025-10-11'),
(true, 'SUB', '2025-10-11', NULL),
(true, 'INTERIM', '2025-06-10', '2025-06-11'),
(true, 'INTERIM', '2025-06-11', NULL),
(true, 'NOSUB', '2025-06-11', '2025-08-11'),
(true, 'NOSUB', '2025-08-10', '2025-08-11'),
(true, 'NOSUB', '2025-08-11', NULL),
(true, 'NONE', '2025-08-10', '2025-08-11'),
(true, 'NONE', '2025-08-11', NULL),
(true, 'NEVER', '2025-06-10', NULL),
(false, 'NONE', '2025-06-10', NULL);
SELECT is(
    model_risk.approval_next_change_on(is_model, branch, '2025-06-10', '2025-08-10', '2025-10-10', as_of), expected,
    format('%s of a %s on %s runs out %s', branch, CASE WHEN is_model THEN 'model' ELSE 'tool' END, as_of,
        coalesce('on ' || expected, 'never'))
) FROM ahead;
SELECT is(
    model_risk.approval_next_change_on(true, 'NO_POLICY', NULL, NULL, NULL, '2025-06-10'), NULL,
    'Without policy and end date an approval never runs out'
);
SELECT is(
    model_risk.approval_next_change_on(true, 'INTERIM', '2025-10-10', NULL, '2025-10-10', '2025-06-10'), '2025-10-11'::date,
    'Without lead an interim approval runs out with its end date'
);
SELECT is_empty(
    $$WITH day AS (SELECT day::date AS day FROM generate_series('2025-06-01'::date, '2025-11-15', '1 day') AS day),
    grid AS (
        SELECT branch, s, s + grace AS g, s + grace + lead AS v, day.day AS as_of,
            model_risk.is_approval_overdue(
                model_risk.revalidation_status(branch, s, s + grace, s + grace + lead, day.day), s + grace + lead, day.day
            ) AS is_overdue
        FROM unnest(ARRAY['NO_POLICY', 'INTERIM', 'NOSUB', 'SUB', 'NONE']) AS branch,
            unnest(ARRAY['2025-06-10'::date]) AS s, unnest(ARRAY[0, 61]) AS grace, unnest(ARRAY[0, 1, 61]) AS lead, day
    )
    SELECT * FROM grid
    WHERE model_risk.approval_next_change_on(true, branch, s, g, v, as_of) IS DISTINCT FROM (
        SELECT min(later.as_of) FROM grid AS later WHERE later.as_of > grid.as_of
            AND (later.branch, later.s, later.g, later.v) = (grid.branch, grid.s, grid.g, grid.v)
            AND later.is_overdue <> grid.is_overdue
    )$$,
    'The date is the first later day on which the approval has run out'
);
SELECT * FROM finish();
ROLLBACK;
