-- The codes the status rules may return, and the catalogue of the 26 programme KPIs.
-- depends: 0009_model_risk_indexes

CREATE TABLE model_risk.revalidation_status_code (
    code text PRIMARY KEY,
    severity integer NOT NULL,
    label text NOT NULL,
    CONSTRAINT revalidation_status_code_severity_in_range_check CHECK (severity BETWEEN 0 AND 3)
);

COMMENT ON TABLE model_risk.revalidation_status_code IS
'The thirteen revalidation statuses. Severity 0 (fine) to 3 (act now).';

INSERT INTO model_risk.revalidation_status_code (code, severity, label) VALUES
('Never Validated', 1, 'Never validated'),
('No Policy Configured', 1, 'No policy for its tier'),
('Pending Full Validation', 1, 'Interim approval, full validation pending'),
('Submission Overdue (INTERIM)', 2, 'Interim approval, submission overdue'),
('INTERIM Expired - Full Validation Required', 3, 'Interim approval expired'),
('Awaiting Submission', 0, 'Awaiting submission'),
('In Grace Period', 1, 'Submission in grace period'),
('Submission Overdue', 2, 'Submission overdue'),
('Validation In Progress', 0, 'Validation in progress'),
('Validation Overdue', 3, 'Validation overdue'),
('Upcoming', 0, 'Nothing due yet'),
('Should Create Request', 2, 'Request missing'),
('Revalidation Overdue (No Request)', 3, 'Overdue without a request');

CREATE TABLE model_risk.approval_status_code (
    code text PRIMARY KEY,
    severity integer NOT NULL,
    label text NOT NULL,
    CONSTRAINT approval_status_code_severity_in_range_check CHECK (severity BETWEEN 0 AND 3)
);

COMMENT ON TABLE model_risk.approval_status_code IS
'The five approval statuses a model can have. Severity 0 (fine) to 3 (act now).';

INSERT INTO model_risk.approval_status_code (code, severity, label) VALUES
('NEVER_VALIDATED', 2, 'Never Validated'),
('APPROVED', 0, 'Approved'),
('INTERIM_APPROVED', 1, 'Interim Approved'),
('VALIDATION_IN_PROGRESS', 2, 'Validation In Progress'),
('EXPIRED', 3, 'Expired');

CREATE TABLE model_risk.validation_status_code (
    code text PRIMARY KEY,
    severity integer NOT NULL,
    label text NOT NULL,
    CONSTRAINT validation_status_code_severity_in_range_check CHECK (severity BETWEEN 0 AND 3)
);

COMMENT ON TABLE model_risk.validation_status_code IS
'The three validation statuses of the models list. Severity 0 (fine) to 3 (act now).';

INSERT INTO model_risk.validation_status_code (code, severity, label) VALUES
('current', 0, 'Current'),
('due_soon', 1, 'Due soon'),
('overdue', 3, 'Overdue');

CREATE TABLE model_risk.kpi_metrics (
    seq integer PRIMARY KEY,
    metric_id text NOT NULL,
    metric_name text NOT NULL,
    metric_type text NOT NULL,
    is_kri boolean NOT NULL,
    is_filtered boolean NOT NULL,
    CONSTRAINT kpi_metrics_metric_id_key UNIQUE (metric_id),
    CONSTRAINT kpi_metrics_metric_type_is_known_check
    CHECK (metric_type IN ('count', 'breakdown', 'ratio', 'duration'))
);

COMMENT ON TABLE model_risk.kpi_metrics IS
'The programme KPIs in report order. is_kri: key risk indicator; is_filtered false: the metric ignores region and team.';

INSERT INTO model_risk.kpi_metrics (seq, metric_id, metric_name, metric_type, is_kri, is_filtered) VALUES
(1, '4.1', 'Total Number of Active Models', 'count', false, true),
(2, '4.2', '% of Models by Inherent Risk Tier', 'breakdown', false, true),
(3, '4.2a', 'Models Missing Risk Tier', 'count', false, true),
(4, '4.3', '% of Models by Business Line/Region', 'breakdown', false, true),
(5, '4.29', '% of Models by Team', 'breakdown', false, true),
(6, '4.4', '% of Vendor/Third-Party Models', 'ratio', false, true),
(7, '4.5', '% of AI/ML Models', 'ratio', false, true),
(8, '4.6', '% of Models Validated Within Required Cycle', 'ratio', false, true),
(9, '4.7', 'KRI: % of Models Overdue for Validation', 'ratio', true, true),
(10, '4.8', 'Average Time to Complete Model Validation by Risk Tier', 'breakdown', false, false),
(11, '4.9', 'Number of Models with Interim Approval', 'count', false, true),
(12, '4.10', '% of Models with Timely Performance Monitoring Submission', 'ratio', false, false),
(13, '4.11', '% of Models Breaching Performance Thresholds', 'ratio', false, true),
(14, '4.12', '% of Models with Open Performance Issues', 'ratio', false, true),
(15, '4.10a', '% Models with Timely Monitoring', 'ratio', false, true),
(16, '4.14', '% of Models with Critical Limitations', 'ratio', false, true),
(17, '4.18', 'Total Number of Open Recommendations', 'count', false, false),
(18, '4.19', '% of Recommendations Past Due', 'ratio', false, false),
(19, '4.20', 'Average Time to Close Recommendations', 'duration', false, false),
(20, '4.21', '% of Models with Open High-Priority Recommendations', 'ratio', false, true),
(21, '4.19a', 'Recommendations Without Target Date', 'count', false, true),
(22, '4.22', '% of Required Attestations Received On Time', 'ratio', false, false),
(23, '4.23', 'Number of Models Flagged for Decommissioning', 'count', false, false),
(24, '4.24', 'Number of Models Decommissioned in Last 12 Months', 'count', false, false),
(25, '4.27', 'KRI: % of Models with High Residual Risk', 'ratio', true, true),
(26, '4.28', 'KRI: % of Models with Open Exceptions', 'ratio', true, true);

GRANT SELECT ON ALL TABLES IN SCHEMA model_risk TO tidemark_app;
