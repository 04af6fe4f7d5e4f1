-- Rules: chapters, headings and subheadings, most of them open, some superseded

CREATE TEMP TABLE generated_rule ON COMMIT DROP AS
WITH drawn AS (
    SELECT
        num.n,
        pg_temp.choose(pg_temp.draw(num.n, 70), '{0.30,0.60,0.80,0.92}', '{CETA,TCA,EU-JP-EPA,RCEP,USMCA}') AS agreement_code,
        pg_temp.choose(pg_temp.draw(num.n, 71), '{0.05,0.30}', '{2,4,6}')::integer AS level
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN LATERAL generate_series(1, plan.rules) AS num (n)
),

codes AS (
    SELECT hsc.level, array_agg(hsc.code ORDER BY hsc.code) AS list
    FROM trade.hs_codes AS hsc
    WHERE hsc.level > 0
    GROUP BY hsc.level
),

placed AS (
    SELECT
        drw.*,
        cod.list[pg_temp.share_of(cardinality(cod.list), pg_temp.draw(drw.n, 72))] AS prefix
    FROM drawn AS drw
    INNER JOIN codes AS cod ON drw.level = cod.level
)

SELECT
    pla.n,
    pla.agreement_code,
    agr.name AS agreement_name,
    pla.prefix,
    left(replace(pla.agreement_code, '-', '') COLLATE "C", 4) || '-HS' || left(pla.prefix, 2) || '-' || lpad((plan.rule_base + pla.n)::text, 6, '0')
        AS rule_id,
    agr.effective_date + CASE WHEN pg_temp.draw(pla.n, 73) < 0.6 THEN 0 ELSE pg_temp.draw_int(pla.n, 74, 30, 1200) END AS effective_from,
    CASE WHEN pg_temp.draw(pla.n, 75) >= 0.6
        THEN greatest(agr.effective_date + 1300, plan.as_of - 500) + pg_temp.draw_int(pla.n, 76, 0, 1400) END AS effective_to,
    agr.parties AS jurisdictions,
    pg_temp.draw_int(pla.n, 77, 0, 20) AS priority
FROM placed AS pla
INNER JOIN trade.agreements AS agr ON pla.agreement_code = agr.code
CROSS JOIN pg_temp.generated_plan AS plan;

CREATE INDEX ON pg_temp.generated_rule (n);

INSERT INTO trade.psra_rules (
    id, rule_id, version, agreement_code, agreement_name, hs_chapter, hs_heading, hs_subheading, jurisdictions, effective_from, effective_to,
    priority, supersedes, payload
)
SELECT
    pg_temp.id_of('rule', plan.rule_base + rul.n),
    rul.rule_id, '2.0.0', rul.agreement_code, rul.agreement_name, left(rul.prefix, 2),
    CASE WHEN length(rul.prefix) >= 4 THEN left(rul.prefix, 4) END, CASE WHEN length(rul.prefix) = 6 THEN rul.prefix END,
    rul.jurisdictions, rul.effective_from, rul.effective_to, rul.priority, sup.list,
    jsonb_build_object(
        'version', '2.0.0',
        'metadata', jsonb_build_object(
            'rule_id', rul.rule_id, 'title', 'Rule for HS ' || rul.prefix,
            'agreement', jsonb_build_object('code', rul.agreement_code, 'name', rul.agreement_name),
            'hs_code', jsonb_build_object(
                'chapter', left(rul.prefix, 2), 'heading', CASE WHEN length(rul.prefix) >= 4 THEN left(rul.prefix, 4) END,
                'subheading', CASE WHEN length(rul.prefix) = 6 THEN rul.prefix END
            ),
            'jurisdiction', to_jsonb(rul.jurisdictions), 'effective_from', to_char(rul.effective_from, 'YYYY-MM-DD'),
            'effective_to', to_char(rul.effective_to, 'YYYY-MM-DD'), 'priority', rul.priority, 'supersedes', to_jsonb(sup.list)
        ),
        'criteria', jsonb_build_object(
            'bom', CASE WHEN pg_temp.draw(rul.n, 80) < 0.2
                THEN jsonb_build_object('non_originating_materials', jsonb_build_object('max_percentage', pg_temp.draw_int(rul.n, 81, 6, 12) * 5))
                ELSE '{}' END,
            'process', '{"required_operations": [], "disallowed_operations": []}'::jsonb,
            'documentation', jsonb_build_object('certificates', '[]'::jsonb, 'record_retention_days', 1825),
            'origin', jsonb_build_object('alternatives', alt.list)
        ),
        'decision', jsonb_build_object('verdicts', jsonb_build_object('qualified', jsonb_build_object(
            'citations', jsonb_build_array(jsonb_build_object('reference', rul.agreement_code || ' product specific rules', 'section', 'HS ' || rul.prefix))
        ))),
        'audit', jsonb_build_object('traceability', jsonb_build_object(
            'lineage_required', pg_temp.draw(rul.n, 82) < 0.015, 'ledger_reference', 'ledger://psra/version-ledger/v1'
        ))
    )
FROM pg_temp.generated_rule AS rul
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (
    -- one in ten supersedes another of its agreement
    SELECT coalesce(array_agg(other.rule_id), '{}') AS list
    FROM pg_temp.generated_rule AS other
    WHERE other.n = rul.n - pg_temp.draw_int(rul.n, 83, 1, 10) AND other.agreement_code = rul.agreement_code AND pg_temp.draw(rul.n, 84) < 0.35
) AS sup
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('label', 'Alternative ' || nth.no, 'tests', jsonb_build_array(
        CASE pg_temp.choose(pg_temp.draw(rul.n * 4 + nth.no, 85), '{0.40,0.65,0.85,0.95,0.975}', '{CTC,MAXNOM,RVC,PROCESS,WO,PE}')
            WHEN 'CTC' THEN jsonb_build_object(
                'kind', 'CTC', 'level', pg_temp.choose(pg_temp.draw(rul.n * 4 + nth.no, 86), '{0.2,0.8}', '{CC,CTH,CTSH}')
            )
            WHEN 'MAXNOM' THEN jsonb_build_object('kind', 'MAXNOM', 'percent', 5 * pg_temp.draw_int(rul.n * 4 + nth.no, 87, 6, 12), 'basis', 'EXW')
            WHEN 'RVC' THEN jsonb_build_object(
                'kind', 'RVC', 'percent', 5 * pg_temp.draw_int(rul.n * 4 + nth.no, 87, 6, 12), 'basis', 'FOB',
                'method', pg_temp.choose(pg_temp.draw(rul.n * 4 + nth.no, 88), '{0.5,0.9}', '{build-down,build-up,net-cost}')
            )
            WHEN 'PROCESS' THEN '{"kind": "PROCESS", "operations": ["EXTRUSION"]}'::jsonb
            WHEN 'WO' THEN '{"kind": "WO"}'::jsonb
            ELSE '{"kind": "PE"}'::jsonb
        END
    )) ORDER BY nth.no) AS list
    FROM generate_series(1, 1 + width_bucket(pg_temp.draw(rul.n, 89), '{0.45,0.85}'::float8[])) AS nth (no)
) AS alt;

ANALYZE trade.psra_rules, trade.rule_supersessions, trade.agreements, trade.party_members;
