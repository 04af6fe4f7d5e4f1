-- Reference data: teams, regions, tiers with their policies, the residual-risk matrix, targets and methods
-- Rows that exist are kept and used under their code or name; what is missing is added with the shipped figures.

INSERT INTO model_risk.teams (name, is_active)
SELECT
    area.name || ' ' || work.name,
    (area.no * 6 + work.no) % 12 <> 7
FROM pg_temp.generated_plan AS plan
CROSS JOIN
    unnest(ARRAY[
        'Retail Credit', 'Market Risk', 'Treasury', 'Financial Crime', 'Wholesale Credit', 'Insurance',
        'Wealth', 'Payments', 'Operations', 'Finance'
    ]) WITH ORDINALITY AS area (name, no)
CROSS JOIN
    unnest(ARRAY[
        'Models', 'Analytics', 'Quantitative Research', 'Decision Science', 'Risk Engineering', 'Forecasting'
    ]) WITH ORDINALITY AS work (name, no)
WHERE (work.no - 1) * 10 + area.no <= plan.teams
ORDER BY work.no, area.no
ON CONFLICT (name) DO NOTHING;

INSERT INTO model_risk.regions (code, name, requires_regional_approval)
VALUES
('US', 'United States', true),
('UK', 'United Kingdom', true),
('EU', 'European Union', true),
('CA', 'Canada', false),
('APAC', 'Asia Pacific', false),
('LATAM', 'Latin America', false)
ON CONFLICT (code) DO NOTHING;

INSERT INTO model_risk.risk_tiers (code, label, residual_key, sort_order, is_active)
VALUES
('TIER_1', 'Tier 1 - High Risk', 'High', 1, true),
('TIER_2', 'Tier 2 - Medium Risk', 'Medium', 2, true),
('TIER_3', 'Tier 3 - Low Risk', 'Low', 3, true),
('TIER_4', 'Tier 4 - Very Low Risk', 'Very Low', 4, true),
('LEGACY', 'Legacy - Not Tiered', NULL, 5, true)  -- no policy: its models can never be due
ON CONFLICT (code) DO NOTHING;

INSERT INTO model_risk.validation_policies
(risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days)
SELECT
    tier.risk_tier_id,
    shipped.frequency_months,
    shipped.grace_period_months,
    shipped.lead_days
FROM (
    VALUES
    ('TIER_1', 12, 2, 120), ('TIER_2', 18, 3, 90), ('TIER_3', 24, 3, 60), ('TIER_4', 36, 4, 45)
) AS shipped (code, frequency_months, grace_period_months, lead_days)
INNER JOIN model_risk.risk_tiers AS tier USING (code)
ORDER BY tier.sort_order
ON CONFLICT (risk_tier_id) DO NOTHING;

INSERT INTO model_risk.validation_workflow_slas (workflow_type, assignment_days, begin_work_days, approval_days)
VALUES ('Validation', 10, 5, 10)
ON CONFLICT (workflow_type) DO NOTHING;

INSERT INTO model_risk.attestation_coverage_targets
(risk_tier_id, target_percentage, is_blocking, effective_date)
SELECT
    tier.risk_tier_id,
    shipped.target_percentage,
    shipped.is_blocking,
    date '2015-01-01'
FROM (
    VALUES
    ('TIER_1', 100, true), ('TIER_2', 100, true), ('TIER_3', 95, false), ('TIER_4', 90, false)
) AS shipped (code, target_percentage, is_blocking)
INNER JOIN model_risk.risk_tiers AS tier USING (code)
WHERE NOT EXISTS (
        SELECT FROM model_risk.attestation_coverage_targets AS target
        WHERE target.risk_tier_id = tier.risk_tier_id
    )
ORDER BY tier.sort_order;

WITH added AS (
    INSERT INTO model_risk.residual_risk_maps (version_number, is_active)
    SELECT
        coalesce(max(map.version_number), 0) + 1,
        true
    FROM model_risk.residual_risk_maps AS map
    HAVING NOT coalesce(bool_or(map.is_active), false)
    RETURNING map_id
)

INSERT INTO model_risk.residual_risk_map_cells (map_id, risk_tier_key, scorecard_outcome, residual_risk)
SELECT
    added.map_id,
    shipped.risk_tier_key,
    cell.scorecard_outcome,
    cell.residual_risk
FROM added
CROSS JOIN (
    VALUES
    ('High', '{Low,Medium,Medium,High,High,High}'::text[]),
    ('Medium', '{Low,Low,Medium,Medium,High,High}'),
    ('Low', '{Low,Low,Low,Medium,Medium,High}'),
    ('Very Low', '{Low,Low,Low,Low,Medium,Medium}')
) AS shipped (risk_tier_key, residual_risks)
CROSS JOIN unnest(ARRAY['Green', 'Green-', 'Yellow+', 'Yellow', 'Yellow-', 'Red'], shipped.residual_risks)
    AS cell (scorecard_outcome, residual_risk);

INSERT INTO model_risk.methodology_categories (code, name, is_aiml)
VALUES
('STAT', 'Statistical / Regression', false),
('MC', 'Monte Carlo Simulation', false),
('EXPERT', 'Expert Judgement', false),
('SCORECARD', 'Scorecard', false),
('ML', 'Machine Learning', true),
('DL', 'Deep Learning', true)
ON CONFLICT (code) DO NOTHING;

INSERT INTO model_risk.methodologies (category_id, name)
SELECT
    category.category_id,
    shipped.name
FROM (
    VALUES
    ('STAT', 'Logistic regression', 1), ('STAT', 'Linear regression', 2), ('STAT', 'Time series', 3),
    ('STAT', 'Survival analysis', 4), ('MC', 'Path simulation', 5), ('MC', 'Scenario simulation', 6),
    ('EXPERT', 'Expert panel', 7), ('SCORECARD', 'Points scorecard', 8), ('SCORECARD', 'Rating grid', 9),
    ('ML', 'Gradient boosting', 10), ('ML', 'Random forest', 11), ('DL', 'Neural network', 12)
) AS shipped (code, name, no)
INNER JOIN model_risk.methodology_categories AS category USING (code)
WHERE NOT EXISTS (
        SELECT FROM model_risk.methodologies AS methodology
        WHERE methodology.category_id = category.category_id AND methodology.name = shipped.name
    )
ORDER BY shipped.no;

-- Autovacuum never looks at tables this small, and without statistics a join with one of them is taken for a tiny one.
ANALYZE model_risk.teams, model_risk.regions, model_risk.risk_tiers, model_risk.validation_policies;
ANALYZE model_risk.validation_workflow_slas, model_risk.attestation_coverage_targets;
ANALYZE model_risk.residual_risk_maps, model_risk.residual_risk_map_cells;
ANALYZE model_risk.methodology_categories, model_risk.methodologies;
ANALYZE model_risk.validation_types, model_risk.validation_request_statuses, model_risk.past_due_levels;
