-- The expected files of model_risk, each with the query that computes it; docs/golden.md explains the notes.
-- Only the public functions of the domain are called: what an application gets is what is compared.

-- name: expected_revalidation.csv
-- key: as_of, model_id
SELECT
    day.as_of,
    live.model_id,
    live.revalidation_status AS status,
    live.last_validation_date,
    live.next_submission_due,
    live.grace_period_end,
    live.next_validation_due,
    live.days_until_submission_due,
    live.days_until_validation_due,
    live.active_request_id,
    live.submission_received,
    live.interim_expiration,
    live.most_recent_full_request_id,
    live.previous_full_request_id,
    live.is_overdue
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_revalidation) AS day
CROSS JOIN LATERAL model_risk.revalidation_at(day.as_of) AS live;

-- name: expected_approval_status.csv
-- key: as_of, model_id
SELECT
    day.as_of,
    live.*
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_approval_status) AS day
CROSS JOIN LATERAL model_risk.approval_at(day.as_of) AS live;

-- name: expected_model_list_fields.csv
-- key: as_of, model_id
SELECT
    day.as_of,
    live.*
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_model_list_fields) AS day
CROSS JOIN LATERAL model_risk.model_list_at(day.as_of) AS live;

-- name: expected_next_transition.csv
-- key: as_of, model_id
SELECT
    day.as_of,
    live.*
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_next_transition) AS day
CROSS JOIN LATERAL model_risk.status_transition_at(day.as_of) AS live;

-- name: expected_kpi_header.csv
-- key: as_of, region_id, team_id
-- reads: expected_kpi.csv (as_of, region_id, team_id)
WITH asked AS (
    SELECT as_of::date, region_id::integer, team_id::integer FROM expected_kpi_header
    UNION
    SELECT as_of::date, region_id::integer, team_id::integer FROM expected_kpi
)

SELECT
    asked.as_of,
    asked.region_id,
    asked.team_id,
    header.region_name,
    header.team_name,
    header.total_active_models
FROM asked
CROSS JOIN LATERAL model_risk.kpi_report_header(asked.region_id, asked.team_id, asked.as_of) AS header;

-- name: expected_kpi.csv
-- key: as_of, region_id, team_id, metric_id, category
-- order: seq, category
-- within: as_of, region_id, team_id
-- tolerance: percentage 0.01, duration_value 0.1, avg_days 0.1
-- reads: expected_kpi_header.csv (as_of, region_id, team_id)
WITH asked AS (
    SELECT as_of::date, region_id::integer, team_id::integer FROM expected_kpi_header
    UNION
    SELECT as_of::date, region_id::integer, team_id::integer FROM expected_kpi
)

SELECT
    asked.as_of,
    asked.region_id,
    asked.team_id,
    report.seq,
    report.metric_id,
    report.metric_type,
    report.is_kri,
    report.category,
    report.count_value,
    report.numerator,
    report.denominator,
    report.percentage,
    report.duration_value,
    report.avg_days,
    numerator.ids_md5 AS numerator_ids_md5
FROM asked
CROSS JOIN LATERAL model_risk.kpi_report(asked.region_id, asked.team_id, asked.as_of)
    WITH ORDINALITY AS report
CROSS JOIN LATERAL (
    SELECT md5(string_agg(drill.model_id::text, ',' ORDER BY drill.model_id)) AS ids_md5
    FROM model_risk.kpi_models(report.metric_id, asked.region_id, asked.team_id, asked.as_of) AS drill
    WHERE report.metric_type = 'ratio' AND report.metric_id NOT IN ('4.10', '4.19', '4.22')
) AS numerator
ORDER BY asked.as_of, asked.region_id, asked.team_id, report.ordinality;

-- name: expected_kpi_model_ids.csv
-- key: as_of, metric_id, model_id
SELECT
    day.as_of,
    metric.metric_id,
    drill.model_id
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_kpi_model_ids) AS day
CROSS JOIN LATERAL model_risk.kpi_report(p_as_of => day.as_of) AS metric
CROSS JOIN LATERAL model_risk.kpi_models(metric.metric_id, NULL, NULL, day.as_of) AS drill
WHERE metric.metric_type = 'ratio' AND metric.metric_id NOT IN ('4.10', '4.19', '4.22');

-- name: regional_compliance_queries.csv
-- key: query_id
SELECT
    asked.query_id,
    asked.region_code,
    asked.model_id::integer,
    asked.team_id::integer,
    asked.only_deployed::boolean,
    header.team_filter,
    header.total_records
FROM regional_compliance_queries AS asked
CROSS JOIN LATERAL model_risk.regional_compliance_header(
    asked.region_code, asked.model_id::integer, asked.team_id::integer, asked.only_deployed::boolean
) AS header;

-- name: expected_regional_compliance.csv
-- key: query_id, row_no
-- reads: regional_compliance_queries.csv (query_id, region_code, model_id, team_id, only_deployed)
SELECT
    asked.query_id,
    report.ordinality AS row_no,
    report.*
FROM regional_compliance_queries AS asked
CROSS JOIN LATERAL model_risk.regional_compliance_report(
    asked.region_code, asked.model_id::integer, asked.team_id::integer, asked.only_deployed::boolean
) WITH ORDINALITY AS report;

-- name: attestation_cycle_queries.csv
-- key: query_id
SELECT
    asked.query_id,
    asked.status,
    asked."limit"::integer,
    asked."offset"::integer,
    (
        SELECT count(*)
        FROM model_risk.attestation_cycle_list(asked.status, asked."limit"::integer, asked."offset"::integer)
    ) AS rows
FROM attestation_cycle_queries AS asked;

-- name: expected_attestation_cycles.csv
-- key: query_id, row_no
-- tolerance: coverage_pct 0.01
-- reads: attestation_cycle_queries.csv (query_id, status, limit, offset)
SELECT
    asked.query_id,
    report.ordinality AS row_no,
    report.*
FROM attestation_cycle_queries AS asked
CROSS JOIN LATERAL model_risk.attestation_cycle_list(asked.status, asked."limit"::integer, asked."offset"::integer)
    WITH ORDINALITY AS report;

-- name: expected_attestation_coverage.csv
-- key: as_of, cycle_id, risk_tier_id
-- tolerance: coverage_pct 0.01
SELECT
    day.as_of,
    cycle.cycle_id,
    report.*
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_attestation_coverage) AS day
CROSS JOIN model_risk.attestation_cycles AS cycle
CROSS JOIN LATERAL model_risk.attestation_coverage_report(cycle.cycle_id, day.as_of) AS report;

-- name: expected_attestation_coverage_summary.csv
-- key: as_of, cycle_id
-- tolerance: coverage_pct 0.01
SELECT
    day.as_of,
    cycle.cycle_id,
    report.*
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_attestation_coverage_summary) AS day
CROSS JOIN model_risk.attestation_cycles AS cycle
CROSS JOIN LATERAL model_risk.attestation_coverage_summary(cycle.cycle_id, day.as_of) AS report;
