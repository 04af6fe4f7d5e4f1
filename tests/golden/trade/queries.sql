-- Lists and figures of verdicts; docs/golden.md explains the notes.

-- name: queries/expected_recent_verdicts.csv
-- key: position
SELECT
    row_number() OVER (ORDER BY rec.created_at DESC, rec.evaluation_id) AS position,
    rec.evaluation_id::text
FROM trade.recent_verdicts(100) AS rec;

-- name: queries/expected_tenant_history.csv
-- key: query_id, position
-- reads: queries/tenant_history_queries.csv (query_id, tenant_id, since, max_rows, status)
SELECT
    asked.query_id,
    his.place AS position,
    his.evaluation_id::text
FROM tenant_history_queries AS asked
CROSS JOIN LATERAL (
    SELECT row_number() OVER () AS place, row.evaluation_id
    FROM trade.tenant_history(asked.tenant_id::uuid, asked.since::timestamptz, asked.max_rows::integer, asked.status) AS row
) AS his;

-- name: queries/expected_trade_routes.csv
-- key: query_id, position
SELECT
    asked.query_id,
    asked.date_from,
    asked.date_to,
    rou."position",
    rou.export_country,
    rou.import_country,
    rou.verdicts,
    rou.qualified,
    rou.disqualified,
    rou.manual_review,
    rou.qualification_rate,
    rou.avg_confidence,
    rou.first_effective_date,
    rou.last_effective_date
FROM (SELECT DISTINCT query_id, date_from, date_to FROM expected_trade_routes) AS asked
CROSS JOIN LATERAL trade.trade_routes(asked.date_from::date, asked.date_to::date) AS rou;

-- name: queries/expected_duplicates.csv
-- key: position
SELECT
    dup."position",
    dup.tenant_id::text,
    dup.input_hash,
    dup.occurrences,
    dup.first_evaluation_id::text,
    dup.last_evaluation_id::text,
    dup.first_created_at,
    dup.last_created_at,
    dup.statuses::text,
    dup.conflicting
FROM trade.duplicate_list() AS dup;

-- name: queries/expected_kpi_month.csv
-- key: tenant_id, agreement_code, export_country, import_country, month
SELECT
    kpi.tenant_id::text,
    kpi.agreement_code::text,
    kpi.export_country::text,
    kpi.import_country::text,
    kpi.month,
    kpi.verdicts,
    kpi.qualified,
    kpi.disqualified,
    kpi.manual_review,
    kpi.qualification_rate,
    kpi.confidence_sum,
    kpi.avg_confidence,
    kpi.low_confidence,
    kpi.lineage_required
FROM trade.kpi_month AS kpi;

-- name: queries/expected_kpi_agreement.csv
-- key: agreement_code, month
SELECT
    kpi.agreement_code::text,
    kpi.month,
    kpi.verdicts,
    kpi.qualified,
    kpi.disqualified,
    kpi.manual_review,
    kpi.qualification_rate,
    kpi.confidence_sum,
    kpi.avg_confidence,
    kpi.low_confidence,
    kpi.lineage_required
FROM trade.kpi_agreement AS kpi;

-- name: queries/expected_kpi_tenant.csv
-- key: tenant_id
SELECT
    kpi.tenant_id::text,
    kpi.verdicts,
    kpi.qualified,
    kpi.disqualified,
    kpi.manual_review,
    kpi.qualification_rate,
    kpi.confidence_sum,
    kpi.avg_confidence,
    kpi.low_confidence,
    kpi.lineage_required
FROM trade.kpi_tenant AS kpi;

-- name: queries/expected_reason_counts.csv
-- key: agreement_code, reason_code, month
SELECT
    kpi.agreement_code::text,
    kpi.reason_code,
    kpi.month,
    kpi.verdicts
FROM trade.kpi_reasons AS kpi;

-- name: queries/expected_low_confidence.csv
-- key: position
SELECT
    low."position",
    low.evaluation_id::text,
    low.confidence,
    low.status
FROM trade.low_confidence_verdicts(200) AS low;

-- name: queries/expected_stale_verdicts.csv
-- key: as_of, tenant_id, rule_id
SELECT
    day.as_of,
    sta.tenant_id::text,
    sta.rule_id,
    sta.rule_state,
    sta.qualified_verdicts
FROM (SELECT DISTINCT as_of FROM expected_stale_verdicts) AS day
CROSS JOIN LATERAL trade.stale_verdicts(day.as_of::date) AS sta;

-- name: queries/expected_insights.csv
-- key: as_of
SELECT
    exp.as_of::timestamptz AS as_of,
    own.pass_7d,
    own.fail_7d,
    own.review_7d,
    own.p95_processing_ms
FROM expected_insights AS exp
CROSS JOIN LATERAL trade.insights_at(exp.as_of::timestamptz) AS own;
