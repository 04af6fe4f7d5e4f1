-- Declarations of suppliers: most are active, a third of these already past their last day

INSERT INTO trade.ltsd_declarations (
    id, tenant_id, document_ref, version, status, ltsd_type, supplier_name, supplier_country, customer_name, customer_country, declared_origin,
    valid_from, valid_to, issued_at, revoked_at, assessment_verdict, assessment_confidence, qualified_agreements, created_at, updated_at
)
SELECT
    pg_temp.id_of('declaration', own.no),
    pg_temp.id_of('tenant', own.tenant_no),
    'LTSD-' || lpad(own.no::text, 8, '0'),
    1,
    own.status,
    pg_temp.choose(pg_temp.draw(own.n, 175), '{0.7,0.9}', '{preferential,non_preferential,mixed}'),
    'Supplier ' || pg_temp.draw_int(own.n, 176, 1, 500), pg_temp.choose(pg_temp.draw(own.n, 177), '{0.3,0.6,0.8}', '{DE,FR,IT,PL}'),
    'Customer ' || pg_temp.draw_int(own.n, 178, 1, 500), pg_temp.choose(pg_temp.draw(own.n, 179), '{0.5}', '{NL,GB}'),
    'EU',
    own.valid_from,
    own.valid_to,
    CASE WHEN own.status <> 'draft' THEN (own.valid_from + pg_temp.draw_int(own.n, 180, -30, 30))::timestamp AT TIME ZONE 'UTC' END,
    CASE WHEN own.status = 'revoked' THEN (own.valid_from + 40)::timestamp AT TIME ZONE 'UTC' END,
    CASE WHEN pg_temp.draw(own.n, 181) < 0.8
        THEN pg_temp.choose(pg_temp.draw(own.n, 182), '{0.6,0.8,0.9}', '{qualified,not_qualified,conditional,pending_review}') END,
    NULL,
    '{TCA}',
    own.valid_from AS created_at, own.valid_from AS updated_at
FROM (
    SELECT
        num.n,
        plan.declaration_base + num.n AS no,
        plan.tenant_base + 1 + num.n % plan.tenants AS tenant_no,
        pg_temp.choose(pg_temp.draw(num.n, 170), '{0.70,0.80,0.90,0.94}', '{active,draft,superseded,revoked,expired}') AS status,
        fir.day AS valid_from,
        (fir.day + pg_temp.choose(pg_temp.draw(num.n, 172), '{0.60,0.90,0.98}', '{12,24,6,30}')::integer * interval '1 month')::date - 1 AS valid_to
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN LATERAL generate_series(1, plan.declarations) AS num (n)
    CROSS JOIN LATERAL (
        -- many begin on the first of January
        SELECT CASE WHEN pg_temp.draw(num.n, 173) < 0.4 THEN date_trunc('year', drawn.day::timestamp)::date ELSE drawn.day END AS day
        FROM (SELECT plan.as_of - pg_temp.draw_int(num.n, 174, -60, 600) AS day) AS drawn
    ) AS fir
) AS own;

INSERT INTO trade.ltsd_products (ltsd_id, line_no, product_code, description, hs_code)
SELECT pg_temp.id_of('declaration', plan.declaration_base + num.n), 1, 'P-' || num.n, 'product', '390110'
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.declarations) AS num (n)
WHERE pg_temp.draw(num.n, 185) < 0.5;

ANALYZE trade.tenants, trade.psra_verdicts, trade.ltsd_declarations, trade.ltsd_products;
