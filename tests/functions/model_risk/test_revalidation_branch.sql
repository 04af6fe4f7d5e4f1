-- model_risk.revalidation_branch(): the first condition that holds decides.
BEGIN;
SELECT plan(11);
SET LOCAL tidemark.as_of = '2025-06-30';

CREATE TEMPORARY TABLE asked (
    claim text, approved boolean, policy boolean, expiry date, active boolean, submitted date, branch text
);
INSERT INTO asked VALUES
('Nothing approved outranks everything else', false, false, '2025-01-01', true, '2025-01-01', 'NEVER'),
('Nothing approved is NEVER, policy or not', false, true, NULL, false, NULL, 'NEVER'),
('A missing policy outranks an interim approval', true, false, '2025-01-01', true, '2025-01-01', 'NO_POLICY'),
('A missing policy outranks an open request', true, false, NULL, true, NULL, 'NO_POLICY'),
('An interim expiry outranks an open request', true, true, '2025-01-01', true, NULL, 'INTERIM'),
('An interim expiry outranks a submission', true, true, '2025-01-01', true, '2025-01-01', 'INTERIM'),
('Without expiry or open request it is NONE', true, true, NULL, false, NULL, 'NONE'),
('A submission without open request does not count', true, true, NULL, false, '2025-01-01', 'NONE'),
('An open request without submission is NOSUB', true, true, NULL, true, NULL, 'NOSUB'),
('An open request with submission is SUB', true, true, NULL, true, '2025-01-01', 'SUB');
SELECT is(model_risk.revalidation_branch(approved, policy, expiry, active, submitted), branch, claim) FROM asked;

SELECT set_eq(
    $$SELECT DISTINCT model_risk.revalidation_branch(approved, policy, expiry, active, submitted)
    FROM unnest(ARRAY[true, false]) AS approved, unnest(ARRAY[true, false]) AS policy,
        unnest(ARRAY[NULL, '2025-01-01'::date]) AS expiry, unnest(ARRAY[true, false]) AS active,
        unnest(ARRAY[NULL, '2025-01-01'::date]) AS submitted$$,
    ARRAY['NEVER', 'NO_POLICY', 'INTERIM', 'NONE', 'NOSUB', 'SUB'],
    'No other branch can come out'
);
SELECT * FROM finish();
ROLLBACK;
