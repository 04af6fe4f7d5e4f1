-- What a grant opens in each bi view of trade, told from the live views: the rows of the company.
-- name: trade_kpi_month
-- kind: tenant
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.agreement_code::text AS agreement_code,
    src.export_country::text AS export_country,
    src.import_country::text AS import_country,
    src.month AS month_on,
    src.verdicts AS verdict_count,
    src.qualified AS qualified_count,
    src.disqualified AS disqualified_count,
    src.manual_review AS manual_review_count,
    src.confidence_sum,
    src.low_confidence AS low_confidence_count,
    src.lineage_required AS lineage_required_count
FROM trade.kpi_verdict_month AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id::text = ANY (:values);
-- name: trade_reason_month
-- kind: tenant
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.agreement_code::text AS agreement_code,
    src.month AS month_on,
    src.reason_code,
    src.verdicts AS verdict_count
FROM trade.reason_month AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id::text = ANY (:values);
-- name: trade_duplicate
-- kind: tenant
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.input_hash::text AS input_hash,
    src.occurrences AS verdict_count,
    src.first_evaluation_id,
    src.last_evaluation_id,
    src.first_created_at,
    src.last_created_at,
    array_to_string(src.statuses, ', ') AS statuses,
    src.conflicting AS is_conflicting
FROM trade.duplicates AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id::text = ANY (:values);
-- name: trade_declaration
-- kind: tenant
SELECT
    src.id AS declaration_id,
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.document_ref::text AS document_ref,
    src.version AS version_no,
    src.valid_to AS valid_to_on,
    src.effective_status,
    src.expiry_band,
    array_to_string(src.warnings, ', ') AS warnings,
    src.next_transition AS next_change_on
FROM trade.ltsd_status AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id::text = ANY (:values);
-- name: trade_stale_verdict
-- kind: tenant
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.rule_id::text AS rule_id,
    sta.agreement_code::text AS agreement_code,
    sta.state AS rule_state,
    src.qualified_verdicts AS verdict_count,
    sta.next_transition AS next_change_on
FROM trade.qualified_rule AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
INNER JOIN trade.rule_states AS sta ON src.rule_id = sta.rule_id
WHERE src.tenant_id::text = ANY (:values) AND sta.state <> 'active';
