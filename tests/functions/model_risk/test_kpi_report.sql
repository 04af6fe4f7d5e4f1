-- kpi_report(), kpi_report_header() and kpi_models() over a bank of six models.
BEGIN;
SELECT plan(34);
SET LOCAL tidemark.as_of = '2025-06-30';
SET LOCAL tidemark.source = 'live';

INSERT INTO model_risk.teams (team_id, name) VALUES (901, 'Markets'), (902, 'Empty');
INSERT INTO model_risk.lob_units (lob_id, parent_id, team_id, code, name, level, org_unit) VALUES
(901, NULL, 901, 'A', 'Trading', 0, '00901'), (902, 901, NULL, 'B', 'rates', 1, '00902'), (903, NULL, NULL, 'C', 'Cards', 0, '00903');
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
INSERT INTO model_risk.risk_tiers (risk_tier_id, code, label, sort_order, is_active) VALUES (901, 'T1', 'One', 1, true), (902, 'T2', 'Two', 2, true);
INSERT INTO model_risk.validation_policies (risk_tier_id, frequency_months, grace_period_months, model_change_lead_time_days)
VALUES (901, 12, 2, 30);

-- Active: 901 and 902 of Markets, 903 and 904 without team; 905 retired; 906 a tool of Markets
INSERT INTO model_risk.models (model_id, owner_id, status, risk_tier_id, development_type, is_model) VALUES
(901, 901, 'Active', 901, 'Third-Party', true), (902, 902, 'Active', 901, 'In-House', true),
(903, 903, 'Active', 902, 'In-House', true), (904, 903, 'Active', NULL, 'In-House', true),
(905, 901, 'Retired', 901, 'Third-Party', true), (906, 901, 'Active', NULL, 'In-House', false);
INSERT INTO model_risk.model_regions (model_id, region_id) VALUES (901, 901), (901, 902), (903, 901), (905, 901);
-- 901 overdue, 902 interim in time
INSERT INTO model_risk.validation_requests (request_id, validation_type, completion_date, updated_at, validated_risk_tier_id) VALUES
(911, 'INITIAL', '2023-01-31 12:00+00', '2023-01-31 12:00+00', 901),
(912, 'INTERIM', '2025-01-31 12:00+00', '2025-01-31 12:00+00', NULL);
INSERT INTO model_risk.validation_request_models (request_id, model_id) VALUES (911, 901), (911, 905), (912, 902);
INSERT INTO model_risk.model_exceptions (exception_code, model_id, exception_type, status, detected_at) VALUES
('E1', 903, 'USE_PRIOR_TO_VALIDATION', 'OPEN', '2025-01-01'), ('E2', 905, 'USE_PRIOR_TO_VALIDATION', 'OPEN', '2025-01-01'),
('E3', 903, 'OUTSIDE_INTENDED_PURPOSE', 'OPEN', '2025-01-01');
INSERT INTO model_risk.recommendations (recommendation_code, model_id, title, priority, current_status, created_at)
VALUES ('R1', 905, 'R', 'HIGH', 'REC_OPEN', '2025-01-01'), ('R2', 904, 'R', 'HIGH', 'REC_OPEN', '2025-01-01');

CREATE FUNCTION pg_temp.figure(p_metric_id text, p_region_id integer DEFAULT NULL, p_team_id integer DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
SELECT string_agg(
    concat_ws(' ', rep.category, rep.count_value, rep.numerator || '/' || rep.denominator, rep.percentage || '%', rep.duration_value,
        rep.avg_days || 'd'), ', ' ORDER BY rep.category COLLATE "C"
) FROM model_risk.kpi_report(p_region_id, p_team_id) AS rep WHERE rep.metric_id = p_metric_id
$$;

-- The whole report
SELECT results_eq(
    'SELECT DISTINCT seq, metric_id FROM model_risk.kpi_report() ORDER BY seq',
    'SELECT seq, metric_id FROM model_risk.kpi_metrics ORDER BY seq', 'All 26 metrics come in report order'
);
SELECT results_eq(
    'SELECT seq, category FROM model_risk.kpi_report()', 'SELECT seq, category FROM model_risk.kpi_report() ORDER BY seq, category COLLATE "C"',
    'Rows come in report order, categories in code order'
);
SELECT results_eq(
    $$SELECT rep.metric_id, rep.metric_name, rep.metric_type, rep.is_kri, rep.is_filtered FROM model_risk.kpi_report() AS rep
    WHERE rep.category IS NULL$$,
    $$SELECT met.metric_id, met.metric_name, met.metric_type, met.is_kri, met.is_filtered FROM model_risk.kpi_metrics AS met
    WHERE met.metric_type <> 'breakdown' ORDER BY met.seq$$,
    'Every metric that is no breakdown has one row with its catalogue entry'
);
SELECT is_empty(
    $$SELECT * FROM model_risk.kpi_report() WHERE metric_type = 'count' AND (count_value IS NULL OR numerator IS NOT NULL)$$,
    'A count is never missing and has no numerator'
);
SELECT is_empty(
    $$SELECT * FROM model_risk.kpi_report() WHERE metric_type = 'ratio' AND (numerator IS NULL OR denominator IS NULL OR percentage IS NULL)$$,
    'A ratio always has numerator, denominator and percentage'
);
SELECT is(pg_temp.figure('4.1'), '5', 'Five models are active, the tool included');
SELECT is(pg_temp.figure('4.2'), 'One 2 40.00%, Two 1 20.00%, Unassigned 2 40.00%', 'Models by tier');
SELECT is(pg_temp.figure('4.2a'), '2', 'Models without tier');
SELECT is(pg_temp.figure('4.3'), 'Cards 2 40.00%, Trading 2 40.00%, rates 1 20.00%', 'Models by business line, capitals first');
SELECT is(pg_temp.figure('4.29'), 'Markets 3 60.00%, Unassigned 2 40.00%', 'Models by team; a team without models has no row');
SELECT is(pg_temp.figure('4.4'), '1/5 20.00%', 'Vendor models; the retired one does not count');
SELECT is(pg_temp.figure('4.6'), '4/5 80.00%', 'Never validated and without policy count as on time');
SELECT is(pg_temp.figure('4.7'), '1/5 20.00%', 'Overdue models');
SELECT is(pg_temp.figure('4.8'), 'One 1 50.00% 1126.0d, Unassigned 1 50.00% 1857.0d', 'Validation time by tier of validation');
SELECT is(pg_temp.figure('4.9'), '1', 'Interim approvals');
SELECT is(pg_temp.figure('4.10'), '0/0 0.00%', 'A ratio of nothing is 0 percent');
SELECT is(pg_temp.figure('4.18'), '2', 'Open recommendations of any model');
SELECT is(pg_temp.figure('4.20'), '', 'The average time to close is missing while none is closed');
SELECT is(pg_temp.figure('4.21'), '1/5 20.00%', 'Open high-priority recommendations of active models');
SELECT is(pg_temp.figure('4.28'), '1/5 20.00%', 'Open exceptions count models, not exceptions');

-- Filters
SELECT is(
    concat_ws(' | ', pg_temp.figure('4.1', 901), pg_temp.figure('4.1', 902)), '2 | 1', 'A region counts linked models, deployed or not'
);
SELECT is(
    concat_ws(' | ', pg_temp.figure('4.1', NULL, 901), pg_temp.figure('4.1', NULL, 0), pg_temp.figure('4.1', NULL, 902)), '3 | 2 | 0',
    'A team counts its models, team 0 those without, an empty team none'
);
SELECT is(
    concat_ws(' | ', pg_temp.figure('4.1', 901, 901), pg_temp.figure('4.1', 901, 0), pg_temp.figure('4.1', 902, 0)), '1 | 1 | 0',
    'Region and team narrow together'
);
SELECT is(pg_temp.figure('4.7', 901, 901), '1/1 100.00%', 'Ratios follow the filters');
SELECT is(
    concat_ws(' | ', pg_temp.figure('4.18', 902, 0), pg_temp.figure('4.8', 902, 0)), '2 | One 1 50.00% 1126.0d, Unassigned 1 50.00% 1857.0d',
    'Figures of the programme ignore the filters'
);
SELECT is(
    concat_ws(' | ', pg_temp.figure('4.1', NULL, 999999), pg_temp.figure('4.4', NULL, 999999), coalesce(pg_temp.figure('4.2', NULL, 999999), 'no row')),
    '0 | 0/0 0.00% | no row', 'An unknown team is a report over no models'
);

-- Header
SELECT results_eq(
    'SELECT as_of, generated_at, region_id, region_name, team_id, team_name, total_active_models FROM model_risk.kpi_report_header()',
    $$VALUES ('2025-06-30'::date, '2025-06-30 00:00+00'::timestamptz, NULL::integer, 'All Regions', NULL::integer, 'All Teams', 5::bigint)$$,
    'Without filters the header names all regions and all teams'
);
SELECT results_eq(
    'SELECT region_name, team_name, total_active_models FROM model_risk.kpi_report_header(901, 0)',
    $$VALUES ('Europe', 'Unassigned', 1::bigint)$$, 'The header names region and team 0'
);
SELECT results_eq(
    'SELECT team_name, total_active_models FROM model_risk.kpi_report_header(NULL, 999999)', $$VALUES ('Team 999999', 0::bigint)$$,
    'The header shows an unknown team by number'
);
SELECT results_eq(
    'SELECT team_name, total_active_models FROM model_risk.kpi_report_header(NULL, -1)', $$VALUES ('Team -1', 0::bigint)$$,
    'A negative team is as unknown as any other'
);

-- Drill-down
SELECT is_empty(
    $$SELECT met.metric_id FROM model_risk.kpi_metrics AS met
    INNER JOIN model_risk.kpi_report() AS rep ON met.metric_id = rep.metric_id
    WHERE met.metric_type = 'ratio' AND met.is_filtered
        AND rep.numerator <> (SELECT count(*) FROM model_risk.kpi_models(met.metric_id))$$,
    'Each filtered ratio lists as many models as its numerator says'
);
SELECT results_eq(
    $$SELECT model_id FROM model_risk.kpi_models('4.6')$$, 'VALUES (902), (903), (904), (906)', 'Models are listed in ascending order'
);
SELECT results_eq(
    $$SELECT model_id FROM model_risk.kpi_models('4.6', 901, 0)$$, 'VALUES (903)', 'The drill-down follows the filters'
);
SELECT is_empty(
    $$SELECT met.metric_id FROM model_risk.kpi_metrics AS met CROSS JOIN LATERAL model_risk.kpi_models(met.metric_id) AS mdl
    WHERE NOT met.is_filtered OR met.metric_type <> 'ratio'$$,
    'Metrics that do not count models list none'
);
SELECT * FROM finish();
ROLLBACK;
