-- What the demonstration of trade shows: one result a table, read through the public functions and views.
-- facts: one row, whose values every other statement and title may use.

-- name: is_filled
SELECT EXISTS (SELECT FROM trade.psra_verdicts);

-- name: facts
-- The company with most verdicts.
SELECT
    kpi.tenant_id,
    ten.name AS company,
    (SELECT to_char(count(*), 'FM999,999,999') FROM trade.psra_verdicts) AS verdicts
FROM trade.kpi_tenant AS kpi
INNER JOIN trade.tenants AS ten ON kpi.tenant_id = ten.id
ORDER BY kpi.verdicts DESC, kpi.tenant_id
LIMIT 1;

-- name: agreements
-- title: Qualification by agreement, {verdicts} verdicts in all
SELECT
    kpi.agreement_code AS agreement,
    sum(kpi.verdicts) AS verdicts,
    round(100 * sum(kpi.qualified) / sum(kpi.verdicts), 2) AS qualified_pct,
    sum(kpi.low_confidence) AS low_confidence
FROM trade.kpi_agreement AS kpi
GROUP BY kpi.agreement_code
ORDER BY sum(kpi.verdicts) DESC, kpi.agreement_code;

-- name: routes
-- title: Busiest ways
SELECT
    rou.export_country || ' to ' || rou.import_country AS way,
    rou.verdicts,
    round(100 * rou.qualification_rate, 2) AS qualified_pct
FROM trade.trade_routes() AS rou
ORDER BY rou."position"
LIMIT 5;

-- name: judged
-- title: What waiting assessments of {company} would come to now
SELECT
    jud.rule_id AS rule,
    coalesce(jud.status, jud.error) AS verdict,
    jud.confidence,
    jud.reasons #>> '{0,description}' AS first_reason
FROM trade.judge_assessments(ARRAY(
    SELECT ass.assessment_id FROM trade.assessments AS ass
    WHERE ass.tenant_id = %(tenant_id)s AND ass.status = 'pending'
    ORDER BY ass.assessment_id LIMIT 5
)) AS jud
ORDER BY jud.assessment_id;

-- name: declarations
-- title: Declarations of suppliers
SELECT
    sta.effective_status AS worth,
    count(*) AS declarations,
    count(*) FILTER (WHERE sta.expiry_band = 'd30') AS ends_in_30_days
FROM trade.ltsd_status AS sta
GROUP BY sta.effective_status
ORDER BY count(*) DESC, sta.effective_status;
