-- Assessments that wait to be judged, with their materials and operations

CREATE TEMP TABLE generated_assessment ON COMMIT DROP AS
SELECT
    num.n,
    pg_temp.id_of('assessment', plan.assessment_base + num.n) AS assessment_id,
    plan.tenant_base + 1 + width_bucket(pg_temp.draw(num.n, 140), sha.tenants[:cardinality(sha.tenants) - 1]) AS tenant_no,
    rul.agreement_code,
    rul.prefix,
    way.export_country,
    way.import_country,
    plan.as_of - pg_temp.draw_int(num.n, 142, 0, 30) AS effective_date,
    -- geometric with mean 6
    least(1 + floor(ln(1 - pg_temp.draw(num.n, 143)) / ln(5 / 6.0::float8))::integer, 200) AS lines
FROM pg_temp.generated_plan AS plan
CROSS JOIN pg_temp.generated_share AS sha
CROSS JOIN LATERAL generate_series(1, plan.assessments) AS num (n)
INNER JOIN pg_temp.generated_rule AS rul ON rul.n = pg_temp.share_of(plan.rules, pg_temp.draw(num.n, 141))
INNER JOIN pg_temp.generated_way AS way ON rul.agreement_code = way.agreement_code AND way.place = pg_temp.draw_int(num.n, 144, 1, 6);

CREATE TEMP TABLE generated_line ON COMMIT DROP AS
SELECT
    ass.assessment_id,
    nth.no,
    ass.n * 200 + nth.no AS id,
    round((40 * exp(1.2 * pg_temp.draw_normal(ass.n * 200 + nth.no, 150)))::numeric, 2) AS value,
    -- four digits say less, eight more than the list has
    pg_temp.choose(pg_temp.draw(ass.n * 200 + nth.no, 155), '{0.06,0.92}', '{4,6,8}')::integer AS digits,
    pg_temp.choose(
        pg_temp.draw(ass.n * 200 + nth.no, 156), '{0.55,0.70,0.97}', ARRAY[ass.export_country, ass.import_country, 'IN', 'XX']
    ) AS origin
FROM pg_temp.generated_assessment AS ass
CROSS JOIN LATERAL generate_series(1, ass.lines) AS nth (no);

INSERT INTO trade.assessments (
    assessment_id, tenant_id, request_id, product_code, product_hs, agreement_code, effective_date, export_country, import_country, currency,
    ex_works_price, fob_price, net_cost, value_added_percentage, created_at, updated_at
)
SELECT
    ass.assessment_id, pg_temp.id_of('tenant', ass.tenant_no), pg_temp.id_of('asked', ass.n), 'P-' || ass.n, rpad(ass.prefix, 6, '0'), ass.agreement_code,
    ass.effective_date, ass.export_country, ass.import_country, 'EUR', own.price, round(own.price * 1.05, 2), round(own.price * 0.9, 2),
    round((100 * pg_temp.draw(ass.n, 146))::numeric, 4), plan.as_of AS created_at, plan.as_of AS updated_at
FROM pg_temp.generated_assessment AS ass
CROSS JOIN pg_temp.generated_plan AS plan
INNER JOIN (
    SELECT lin.assessment_id, sum(lin.value) AS value FROM pg_temp.generated_line AS lin GROUP BY lin.assessment_id
) AS sums ON ass.assessment_id = sums.assessment_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN pg_temp.draw(ass.n, 147) >= 0.03
        THEN round(sums.value * (1.05 + 1.55 * pg_temp.draw(ass.n, 148))::numeric, 2) END AS price
) AS own;

INSERT INTO trade.assessment_materials (assessment_id, line_id, description, hs_code, country_of_origin, value, is_originating)
SELECT
    lin.assessment_id, lin.no::text, 'material ' || lin.no,
    CASE WHEN lin.digits = 8 THEN cod.code || '00' ELSE left(cod.code, lin.digits) END,
    CASE WHEN lin.origin = 'XX' THEN 'IN' ELSE lin.origin END, lin.value, CASE WHEN lin.origin <> 'XX' THEN lin.origin <> 'IN' END
FROM pg_temp.generated_line AS lin
CROSS JOIN (SELECT array_agg(hsc.code ORDER BY hsc.code) AS list FROM trade.hs_codes AS hsc WHERE hsc.level = 6) AS codes
CROSS JOIN LATERAL (SELECT codes.list[pg_temp.share_of(cardinality(codes.list), pg_temp.draw(lin.id, 157))] AS code) AS cod;

INSERT INTO trade.assessment_operations (assessment_id, seq, code)
SELECT
    ass.assessment_id, nth.no,
    pg_temp.choose(pg_temp.draw(ass.n * 8 + nth.no, 160), '{0.3,0.5,0.7,0.9}', '{EXTRUSION,PACKAGING,COMPOUNDING,ASSEMBLY,LABELING}')
FROM pg_temp.generated_assessment AS ass
CROSS JOIN LATERAL generate_series(1, pg_temp.draw_int(ass.n, 161, 2, 6)) AS nth (no);

ANALYZE trade.assessments, trade.assessment_materials, trade.assessment_operations;
