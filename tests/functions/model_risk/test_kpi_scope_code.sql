-- model_risk.kpi_scope_code(): no two choices of region and team share a code.
BEGIN;
SELECT plan(5);
SET LOCAL tidemark.as_of = '2025-06-30';

SELECT is(model_risk.kpi_scope_code(3, 7), '3/7', 'Region and team in this order');
SELECT is(model_risk.kpi_scope_code(NULL, 0), 'all/0', 'No region, models without a team');
SELECT is(model_risk.kpi_scope_code(3, NULL), '3/all', 'No team');
SELECT is(model_risk.kpi_scope_code(NULL, NULL), 'all/all', 'No filter');
SELECT is(
    (SELECT count(DISTINCT model_risk.kpi_scope_code(region.id, team.id))
    FROM unnest(ARRAY[NULL, 1, 2, 11, 12, 111]) AS region (id)
    CROSS JOIN unnest(ARRAY[NULL, -1, 0, 1, 2, 11, 12]) AS team (id)),
    42::bigint, 'Different choices have different codes'
);
SELECT * FROM finish();
ROLLBACK;
