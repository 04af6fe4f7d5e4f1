-- Companies and their verdicts: a few companies have most of them, and there are more every month

INSERT INTO trade.tenants (id, name, subdomain, status, plan, created_at, trial_ends_at)
SELECT
    pg_temp.id_of('tenant', plan.tenant_base + num.n),
    'Company ' || (plan.tenant_base + num.n),
    'company-' || (plan.tenant_base + num.n),
    -- the sixth is on trial, whatever is drawn
    own.status,
    pg_temp.choose(pg_temp.draw(num.n, 101), '{0.3,0.6,0.8,0.95}', '{free,basic,professional,enterprise,custom}'),
    plan.as_of - 1100 - pg_temp.draw_int(num.n, 102, 0, 400),
    CASE WHEN own.status = 'trial' THEN (plan.as_of + pg_temp.draw_int(num.n, 103, -20, 60))::timestamp AT TIME ZONE 'UTC' END
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.tenants) AS num (n)
CROSS JOIN LATERAL (
    SELECT CASE WHEN num.n = 6 THEN 'trial' ELSE pg_temp.choose(
        pg_temp.draw(num.n, 100), '{0.85,0.93,0.98,0.99}', '{active,trial,suspended,pending,cancelled}'
    ) END AS status
) AS own;

CREATE TEMP TABLE generated_share ON COMMIT DROP AS
SELECT
    (
        SELECT array_agg(own.upto ORDER BY own.n)
        FROM (
            SELECT num.n, (sum(num.n ^ (-1.1::float8)) OVER (ORDER BY num.n) / sum(num.n ^ (-1.1::float8)) OVER ())::float8 AS upto
            FROM generate_series(1, plan.tenants) AS num (n)
        ) AS own
    ) AS tenants
FROM pg_temp.generated_plan AS plan;

INSERT INTO trade.psra_verdicts (
    id, evaluation_id, rule_id, status, confidence, citations, reasons, notes, ledger_reference, input_payload, input_hash, processing_time_ms,
    rules_evaluated, decided_at, created_at, updated_at, tenant_id, request_id, agreement_code, hs_subheading, effective_date,
    import_country, export_country, lineage_required
)
SELECT
    pg_temp.id_of('verdict', own.no),
    pg_temp.id_of('evaluation', own.no),
    rul.rule_id,
    own.status,
    CASE own.status
        WHEN 'disqualified' THEN 0
        WHEN 'manual_review' THEN 0.5
        ELSE CASE
            WHEN pg_temp.draw(own.n, 115) < 0.83
                THEN pg_temp.choose(pg_temp.draw(own.n, 116), '{0.55,0.70,0.82,0.92}', '{1,0.95,0.90,0.85,0.65}')::numeric
            ELSE round((0.3 + 0.7 * pg_temp.draw(own.n, 117))::numeric, 4)
        END
    END,
    jsonb_build_array(jsonb_build_object('reference', rul.agreement_code || ' product specific rules', 'section', 'HS ' || rul.prefix, 'url', NULL)),
    CASE own.status
        WHEN 'qualified' THEN '[]'
        WHEN 'manual_review' THEN '[{"code": "INSUFFICIENT_DATA", "description": "made up", "severity": "medium"}]'
        ELSE (
            SELECT jsonb_agg(jsonb_build_object('code', rea.code, 'description', 'made up', 'severity', 'high') ORDER BY nth.no)
            FROM generate_series(1, 1 + width_bucket(pg_temp.draw(own.n, 118), '{0.55,0.85}'::float8[])) AS nth (no)
            CROSS JOIN LATERAL (
                SELECT pg_temp.choose(
                    pg_temp.draw(own.n * 4 + nth.no, 119), '{0.25,0.45,0.65,0.85,0.999}',
                    '{MISSING_PROCESS,BOM_MISSING_INPUT,NON_ORIGINATING_THRESHOLD,TARIFF_SHIFT_NOT_MET,RVC_BELOW_MINIMUM,NOT_WHOLLY_OBTAINED}'
                ) AS code
            ) AS rea
        )
    END,
    CASE WHEN own.status = 'qualified' THEN 'Alternative 1' END,
    CASE WHEN own.lineage_required THEN 'ledger://psra/version-ledger/v1' END,
    '{}',
    encode(sha256(convert_to('made up ' || current_setting('tidemark.generate_seed') || ' ' || own.twin, 'UTF8')), 'hex'),
    round((40 * exp(1.6 * pg_temp.draw_normal(own.n, 120)))::numeric, 2)::float8,
    1,
    own.created_at - interval '5 milliseconds',
    own.created_at,
    own.created_at AS updated_at,
    pg_temp.id_of('tenant', own.tenant_base + own.tenant_no),
    pg_temp.id_of('request', own.no),
    way.agreement_code,
    rpad(rul.prefix, 6, '0'),
    (own.created_at AT TIME ZONE 'UTC')::date - pg_temp.draw_int(own.n, 124, 0, 30),
    way.import_country,
    way.export_country,
    own.lineage_required
FROM (
    SELECT
        num.n,
        plan.tenant_base,
        plan.verdict_base + num.n AS no,
        plan.verdict_base + twin.n AS twin,
        1 + width_bucket(pg_temp.draw(twin.n, 110), sha.tenants[:cardinality(sha.tenants) - 1]) AS tenant_no,
        pg_temp.share_of(plan.rules, pg_temp.draw(twin.n, 111) ^ 2) AS rule_no,
        pg_temp.choose(pg_temp.draw(num.n, 112), '{0.62,0.92}', '{qualified,disqualified,manual_review}') AS status,
        pg_temp.draw(num.n, 113) < 0.015 AS lineage_required,
        -- three years, more of late; bursts share their instant
        date_trunc(
            CASE WHEN pg_temp.draw(num.n, 114) < 0.05 THEN 'hour' ELSE 'second' END,
            plan.as_of::timestamp AT TIME ZONE 'UTC' - interval '1 second' * (1 + floor(94608000 * (1 - pg_temp.draw(num.n, 125) ^ 0.7)))
        ) AS created_at
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN pg_temp.generated_share AS sha
    CROSS JOIN LATERAL generate_series(1, plan.verdicts) AS num (n)
    -- some cases are judged again: the one before
    CROSS JOIN LATERAL (SELECT CASE WHEN num.n > 1 AND pg_temp.draw(num.n, 109) < 0.03 THEN num.n - 1 ELSE num.n END AS n) AS twin
) AS own
INNER JOIN pg_temp.generated_rule AS rul ON own.rule_no = rul.n
INNER JOIN pg_temp.generated_way AS way
    ON rul.agreement_code = way.agreement_code AND way.place = 1 + (
        SELECT count(*) FROM pg_temp.generated_way AS before
        WHERE before.agreement_code = rul.agreement_code AND before.upto < pg_temp.draw(own.twin, 126)
    );
