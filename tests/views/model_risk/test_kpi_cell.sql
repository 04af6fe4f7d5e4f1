-- kpi_tally, kpi_tier_tally, kpi_cell, kpi_breakdown_cell, kpi_scope, kpi_numerator: sums by line, region and team.
BEGIN;
SELECT plan(16);
SET LOCAL tidemark.as_of = '2025-06-30';
SET LOCAL tidemark.source = 'live';

INSERT INTO model_risk.teams (team_id, name) VALUES (901, 'Markets'), (902, 'Empty');
INSERT INTO model_risk.lob_units (lob_id, parent_id, team_id, code, name, level, org_unit) VALUES
(901, NULL, 901, 'A', 'Trading', 0, '00901'), (902, 901, NULL, 'B', 'Rates', 1, '00902'), (903, NULL, NULL, 'C', 'Cards', 0, '00903');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES
(901, 'a@bank', 'A', 'USER', 901), (902, 'b@bank', 'B', 'USER', 902), (903, 'c@bank', 'C', 'USER', 903);
-- columns these tests do not care about
ALTER TABLE model_risk.models
ALTER model_name SET DEFAULT 'Model', ALTER development_type SET DEFAULT 'In-House', ALTER owner_id SET DEFAULT 901,
ALTER status SET DEFAULT 'Active', ALTER created_at SET DEFAULT '2020-01-01 12:00+00';
ALTER TABLE model_risk.validation_requests
ALTER validation_type SET DEFAULT 'COMPREHENSIVE', ALTER current_status SET DEFAULT 'APPROVED',
ALTER priority SET DEFAULT 'STANDARD', ALTER request_date SET DEFAULT '2020-01-01',
ALTER target_completion_date SET DEFAULT '2020-06-30', ALTER created_at SET DEFAULT '2020-01-01 12:00+00',
ALTER updated_at SET DEFAULT '2020-01-01 12:00+00';
INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'EU', 'Europe'), (902, 'US', 'States');
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'T1', 'One', 1, true);
INSERT INTO model_risk.models (model_id, owner_id, status, risk_tier_id, development_type) VALUES
(901, 901, 'Active', 901, 'Third-Party'), (902, 901, 'Active', NULL, 'In-House'), (903, 902, 'Active', 901, 'In-House'),
(904, 903, 'Active', NULL, 'Third-Party'), (905, 903, 'Retired', 901, 'Third-Party');
INSERT INTO model_risk.model_regions (model_id, region_id) VALUES (901, 901), (901, 902), (904, 901), (905, 902);
INSERT INTO model_risk.recommendations (recommendation_code, model_id, title, priority, current_status, created_at)
VALUES ('R1', 901, 'R', 'LOW', 'REC_OPEN', '2025-01-01'), ('R2', 901, 'R', 'LOW', 'REC_OPEN', '2025-01-01');

SELECT results_eq(
    'SELECT lob_id, region_id, models, without_tier, third_party, on_time, recommendations_without_target_date::integer
    FROM model_risk.kpi_tally ORDER BY lob_id, region_id NULLS FIRST',
    $$VALUES
    (901, NULL::integer, 2::bigint, 1::bigint, 1::bigint, 2::bigint, 2),
    (901, 901, 1, 0, 1, 1, 2),
    (901, 902, 1, 0, 1, 1, 2),
    (902, NULL, 1, 0, 0, 1, 0),
    (903, NULL, 1, 1, 1, 1, 0),
    (903, 901, 1, 1, 1, 1, 0)$$,
    'A model counts once over all regions and once in each of its own'
);
SELECT results_eq(
    'SELECT * FROM model_risk.kpi_tier_tally ORDER BY lob_id, region_id NULLS FIRST, tier_label COLLATE "C"',
    $$VALUES
    (901, NULL::integer, 'One', 1::bigint),
    (901, NULL, 'Unassigned', 1),
    (901, 901, 'One', 1),
    (901, 902, 'One', 1),
    (902, NULL, 'One', 1),
    (903, NULL, 'Unassigned', 1),
    (903, 901, 'Unassigned', 1)$$,
    'A model without tier counts as unassigned'
);
SELECT results_eq(
    'SELECT region_id, team_id, models, third_party FROM model_risk.kpi_cell ORDER BY region_id NULLS FIRST, team_id NULLS FIRST',
    $$VALUES
    (NULL::integer, NULL::integer, 4::bigint, 2::bigint),
    (NULL, 0, 1, 1),
    (NULL, 901, 3, 1),
    (901, NULL, 2, 2),
    (901, 0, 1, 1),
    (901, 901, 1, 1),
    (902, NULL, 1, 1),
    (902, 901, 1, 1)$$,
    'Lines below a team add to it; lines without team add to team 0; a cell without models is left out'
);
SELECT results_eq(
    'SELECT region_id, team_id, metric_id, category, models FROM model_risk.kpi_breakdown_cell WHERE region_id IS NULL
    ORDER BY team_id NULLS FIRST, metric_id COLLATE "C", category COLLATE "C"',
    $$VALUES
    (NULL::integer, NULL::integer, '4.2', 'One', 2::bigint),
    (NULL, NULL, '4.2', 'Unassigned', 2),
    (NULL, NULL, '4.29', 'Markets', 3),
    (NULL, NULL, '4.29', 'Unassigned', 1),
    (NULL, NULL, '4.3', 'Cards', 1),
    (NULL, NULL, '4.3', 'Rates', 1),
    (NULL, NULL, '4.3', 'Trading', 2),
    (NULL, 0, '4.2', 'Unassigned', 1),
    (NULL, 0, '4.29', 'Unassigned', 1),
    (NULL, 0, '4.3', 'Cards', 1),
    (NULL, 901, '4.2', 'One', 2),
    (NULL, 901, '4.2', 'Unassigned', 1),
    (NULL, 901, '4.29', 'Markets', 3),
    (NULL, 901, '4.3', 'Rates', 1),
    (NULL, 901, '4.3', 'Trading', 2)$$,
    'Each scope has its tiers, teams and business lines'
);
SELECT is_empty(
    $$SELECT cell.region_id, cell.team_id, part.metric_id FROM model_risk.kpi_cell AS cell
    INNER JOIN model_risk.kpi_breakdown_cell AS part
        ON cell.region_id IS NOT DISTINCT FROM part.region_id AND cell.team_id IS NOT DISTINCT FROM part.team_id
    GROUP BY cell.region_id, cell.team_id, part.metric_id, cell.models HAVING sum(part.models) <> cell.models$$,
    'The categories of a breakdown add up to the models of their scope'
);
SELECT is_empty(
    $$SELECT region_id, team_id FROM model_risk.kpi_cell WHERE on_time + overdue <> models$$,
    'On time and overdue add up to all models'
);

-- Grain
SELECT is_empty(
    'SELECT lob_id, region_id FROM model_risk.kpi_tally GROUP BY lob_id, region_id HAVING count(*) > 1',
    'A line and region have one tally'
);
SELECT is_empty(
    'SELECT lob_id, region_id, tier_label FROM model_risk.kpi_tier_tally GROUP BY lob_id, region_id, tier_label HAVING count(*) > 1',
    'A line, region and tier have one tally'
);
SELECT is_empty(
    'SELECT region_id, team_id FROM model_risk.kpi_cell GROUP BY region_id, team_id HAVING count(*) > 1', 'A scope has one cell'
);
SELECT is_empty(
    'SELECT region_id, team_id, metric_id, category FROM model_risk.kpi_breakdown_cell
    GROUP BY region_id, team_id, metric_id, category HAVING count(*) > 1',
    'A scope, metric and category have one cell'
);
SELECT is_empty(
    'SELECT region_id, team_id, metric_id, category FROM model_risk.kpi_report_line
    GROUP BY region_id, team_id, metric_id, category HAVING count(*) > 1',
    'A scope, metric and category have one line in the report'
);

-- Two lines and two teams of one name share a category
INSERT INTO model_risk.lob_units (lob_id, team_id, code, name, level, org_unit) VALUES (904, 902, 'D', 'Cards', 0, '00904');
UPDATE model_risk.users SET lob_id = 904 WHERE user_id = 902;
SELECT is(
    models, 2::bigint, 'Business lines of one name are one category'
) FROM model_risk.kpi_breakdown_cell WHERE region_id IS NULL AND team_id IS NULL AND metric_id = '4.3' AND category = 'Cards';

-- Scopes
SELECT set_eq(
    'SELECT region_id, region_name::text, team_id, team_name FROM model_risk.kpi_scope WHERE coalesce(team_id, 0) <= 0',
    $$VALUES (NULL::integer, 'All Regions', NULL::integer, 'All Teams'), (NULL, 'All Regions', 0, 'Unassigned'),
    (NULL, 'All Regions', -1, 'No such team'), (901, 'Europe', NULL, 'All Teams'), (901, 'Europe', 0, 'Unassigned'),
    (901, 'Europe', -1, 'No such team'), (902, 'States', NULL, 'All Teams'), (902, 'States', 0, 'Unassigned'),
    (902, 'States', -1, 'No such team')$$,
    'Every region meets all teams, no team, and the team that does not exist'
);
SELECT set_eq(
    'SELECT metric_id FROM model_risk.kpi_report_line WHERE region_id = 902 AND team_id = 902',
    $$SELECT metric_id FROM model_risk.kpi_metrics WHERE metric_type <> 'breakdown'$$,
    'A scope without models has every metric that is no breakdown'
);

-- Drill-down
SELECT results_eq(
    $$SELECT model_id, lob_id FROM model_risk.kpi_numerator WHERE metric_id = '4.4' ORDER BY model_id$$,
    'VALUES (901, 901), (904, 903)', 'The drill-down names active models and their lines'
);
SELECT set_eq(
    $$SELECT DISTINCT metric_id FROM model_risk.kpi_numerator$$, ARRAY['4.4', '4.6'], 'Only metrics somebody counts in have rows'
);
SELECT * FROM finish();
ROLLBACK;
