-- Plan: the request is checked, and the numbers of the run are laid down
-- 1,000,000 verdicts bring 200 companies, 20,000 rules, 100,000 assessments to be judged and 50,000 declarations.
-- size:   verdicts, 10000
-- source: docs/trade.md, "Made-up rows"

DO $$
DECLARE
    v_verdicts bigint := current_setting('tidemark.generate_size');
BEGIN
    IF v_verdicts NOT BETWEEN 1 AND 20000000 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'the number of verdicts is out of range',
            DETAIL = format('Asked for were %s verdicts.', v_verdicts),
            HINT = 'Give 1 to 20000000 verdicts.';
    END IF;
    IF NOT current_setting('tidemark.generate_append')::boolean AND (
        EXISTS (SELECT FROM trade.tenants) OR EXISTS (SELECT FROM trade.psra_rules)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'schema trade already holds companies or rules',
            DETAIL = format('It has %s companies.', (SELECT count(*) FROM trade.tenants)),
            HINT = 'Use an empty database, or append: generated rows then get numbers after those in use.';
    END IF;
END $$;

CREATE TEMP TABLE generated_plan ON COMMIT DROP AS
WITH request AS (
    SELECT
        current_setting('tidemark.generate_size')::integer AS verdicts,
        current_setting('tidemark.generate_as_of')::date AS as_of
)

SELECT
    request.verdicts,
    request.as_of,
    greatest(request.verdicts / 5000, 6) AS tenants,
    least(greatest(request.verdicts / 50, 120), 100000) AS rules,
    greatest(request.verdicts / 10, 40) AS assessments,
    greatest(request.verdicts / 20, 60) AS declarations,
    (SELECT count(*) FROM trade.tenants) AS tenant_base,
    (SELECT count(*) FROM trade.psra_rules) AS rule_base,
    (SELECT count(*) FROM trade.psra_verdicts) AS verdict_base,
    (SELECT count(*) FROM trade.assessments) AS assessment_base,
    (SELECT count(*) FROM trade.ltsd_declarations) AS declaration_base
FROM request;

COMMENT ON TABLE pg_temp.generated_plan IS
'One row: how many rows of each kind there will be, and how many there are already.';
