-- Migration 0010: the code tables and the catalogue of KPIs.
BEGIN;
SELECT plan(13);
SET LOCAL tidemark.as_of = '2025-06-30';

SELECT is(count(*), 13::bigint, 'There are thirteen revalidation statuses') FROM model_risk.revalidation_status_code;
SELECT is(count(*), 5::bigint, 'There are five approval statuses') FROM model_risk.approval_status_code;
SELECT is(count(*), 3::bigint, 'There are three models-list statuses') FROM model_risk.validation_status_code;
SELECT results_eq(
    'SELECT code, label FROM model_risk.approval_status_code ORDER BY severity, code COLLATE "C"',
    $$VALUES ('APPROVED', 'Approved'), ('INTERIM_APPROVED', 'Interim Approved'), ('NEVER_VALIDATED', 'Never Validated'),
    ('VALIDATION_IN_PROGRESS', 'Validation In Progress'), ('EXPIRED', 'Expired')$$,
    'An expired approval is the most severe, a granted one the least'
);
SELECT throws_ok(
    'UPDATE model_risk.revalidation_status_code SET severity = 4', '23514',
    NULL, 'A revalidation severity above 3 is refused'
);
SELECT throws_ok(
    'UPDATE model_risk.approval_status_code SET severity = -1', '23514', NULL, 'An approval severity below 0 is refused'
);
SELECT throws_ok(
    'UPDATE model_risk.validation_status_code SET severity = 4', '23514', NULL, 'A models-list severity above 3 is refused'
);
SELECT results_eq(
    'SELECT seq, metric_id, metric_type FROM model_risk.kpi_metrics ORDER BY seq',
    $$VALUES (1, '4.1', 'count'), (2, '4.2', 'breakdown'), (3, '4.2a', 'count'), (4, '4.3', 'breakdown'),
    (5, '4.29', 'breakdown'), (6, '4.4', 'ratio'), (7, '4.5', 'ratio'), (8, '4.6', 'ratio'), (9, '4.7', 'ratio'),
    (10, '4.8', 'breakdown'), (11, '4.9', 'count'), (12, '4.10', 'ratio'), (13, '4.11', 'ratio'), (14, '4.12', 'ratio'),
    (15, '4.10a', 'ratio'), (16, '4.14', 'ratio'), (17, '4.18', 'count'), (18, '4.19', 'ratio'), (19, '4.20', 'duration'),
    (20, '4.21', 'ratio'), (21, '4.19a', 'count'), (22, '4.22', 'ratio'), (23, '4.23', 'count'), (24, '4.24', 'count'),
    (25, '4.27', 'ratio'), (26, '4.28', 'ratio')$$,
    'The 26 KPIs come in report order with their types'
);
SELECT set_eq(
    'SELECT metric_id FROM model_risk.kpi_metrics WHERE is_kri', ARRAY['4.7', '4.27', '4.28'],
    'Three KPIs are key risk indicators'
);
SELECT set_eq(
    'SELECT metric_id FROM model_risk.kpi_metrics WHERE NOT is_filtered',
    ARRAY['4.8', '4.10', '4.18', '4.19', '4.20', '4.22', '4.23', '4.24'],
    'Eight KPIs ignore region and team'
);
SELECT is_empty(
    $$SELECT metric_id FROM model_risk.kpi_metrics WHERE is_kri <> starts_with(metric_name, 'KRI: ')$$,
    'A name says KRI exactly when the KPI is one'
);
SELECT throws_ok(
    $$UPDATE model_risk.kpi_metrics SET metric_type = 'average'$$, '23514', NULL, 'A metric type outside the four is refused'
);
SELECT throws_ok(
    $$INSERT INTO model_risk.kpi_metrics VALUES (99, '4.1', 'Again', 'count', false, true)$$, '23505', NULL,
    'A metric id occurs once'
);
SELECT * FROM finish();
ROLLBACK;
