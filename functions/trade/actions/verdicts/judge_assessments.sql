-- trade.judge_assessments()
-- What some assessments come to, as one set.
-- requires: trade.found_rules(), trade.declared_failures(), trade.origin_results(), trade.case_texts()
-- requires: trade.verdict_status(), trade.verdict_confidence()
-- source:   docs/trade.md, "The verdict"

CREATE OR REPLACE FUNCTION trade.judge_assessments(p_assessment_ids uuid[])
RETURNS TABLE (
    assessment_id uuid,
    outcome text,
    rule_id text,
    status text,
    confidence numeric,
    reasons jsonb,
    citations jsonb,
    notes text,
    lineage_required boolean,
    ledger_reference text,
    assessment_status text,
    error text,
    case_text text
)
LANGUAGE plpgsql STABLE
-- the plan is made for the set at hand: a set of one and a set of thousands want different ones
SET plan_cache_mode = force_custom_plan SET jit = off
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_ids uuid[];
    v_rules text[];
    v_with_origin uuid[];
    v_rules_with_origin text[];
BEGIN
    -- found once: what follows is joined to it by place
    SELECT array_agg(fnd.assessment_id), array_agg(fnd.rule_id) INTO v_ids, v_rules FROM trade.found_rules(p_assessment_ids) AS fnd;
    SELECT array_agg(own.assessment_id), array_agg(own.rule_id) INTO v_with_origin, v_rules_with_origin
    FROM unnest(v_ids, v_rules) AS own (assessment_id, rule_id)
    INNER JOIN trade.psra_rules AS rul ON own.rule_id = rul.rule_id
    WHERE rul.payload @? '$.criteria.origin.alternatives[0]';
    RETURN QUERY
    WITH declared AS MATERIALIZED (
        SELECT
            fai.assessment_id,
            count(*) AS failure_count,
            jsonb_agg(jsonb_build_object('code', fai.code, 'description', fai.description, 'severity', fai.severity)
                ORDER BY fai.check_no, fai.place) AS reasons
        FROM trade.declared_failures(v_ids, v_rules) AS fai
        GROUP BY fai.assessment_id
    ),

    origin AS MATERIALIZED (
        SELECT org.* FROM trade.origin_results(v_with_origin, v_rules_with_origin) AS org
    ),

    texts AS MATERIALIZED (
        SELECT txt.assessment_id, txt.case_text FROM trade.case_texts(v_ids) AS txt
    )

    SELECT
        own.assessment_id,
        CASE WHEN own.rule_id IS NULL THEN 'no_rule' WHEN sums.total > 0 THEN 'verdict' ELSE 'error' END,
        own.rule_id,
        verdict.status,
        CASE WHEN verdict.status IS NOT NULL THEN trade.verdict_confidence(verdict.status, org.confidence) END,
        CASE
            WHEN verdict.status = 'qualified' THEN '[]'
            WHEN verdict.status IS NOT NULL THEN
                coalesce(dec.reasons, '[]')
                || CASE WHEN dec.failure_count IS NULL OR org.result IS FALSE THEN coalesce(org.reasons, '[]') ELSE '[]' END
        END,
        CASE WHEN verdict.status IS NOT NULL THEN (
            SELECT jsonb_agg(jsonb_build_object('reference', cit.item -> 'reference', 'section', cit.item -> 'section', 'url', cit.item -> 'url')
                ORDER BY cit.place)
            FROM jsonb_array_elements(rul.payload #> '{decision,verdicts,qualified,citations}') WITH ORDINALITY AS cit (item, place)
        ) END,
        CASE WHEN verdict.status = 'qualified' THEN org.alternative_label END,
        CASE WHEN verdict.status IS NOT NULL THEN coalesce((rul.payload #>> '{audit,traceability,lineage_required}')::boolean, FALSE) END,
        CASE WHEN verdict.status IS NOT NULL AND (rul.payload #>> '{audit,traceability,lineage_required}')::boolean
            THEN rul.payload #>> '{audit,traceability,ledger_reference}' END,
        CASE
            WHEN own.rule_id IS NULL OR verdict.status = 'manual_review' THEN 'requires_review'
            WHEN verdict.status IS NULL THEN 'failed'
            ELSE 'completed'
        END,
        CASE WHEN own.rule_id IS NULL THEN 'NO_APPLICABLE_RULE' WHEN verdict.status IS NULL THEN 'NON_POSITIVE_MATERIAL_VALUE' END,
        txt.case_text
    FROM unnest(v_ids, v_rules) AS own (assessment_id, rule_id)
    LEFT JOIN trade.psra_rules AS rul ON own.rule_id = rul.rule_id
    LEFT JOIN declared AS dec ON own.assessment_id = dec.assessment_id
    LEFT JOIN origin AS org ON own.assessment_id = org.assessment_id
    LEFT JOIN texts AS txt ON own.assessment_id = txt.assessment_id
    CROSS JOIN LATERAL (
        SELECT sum(mat.value) AS total FROM trade.assessment_materials AS mat WHERE mat.assessment_id = own.assessment_id
    ) AS sums
    CROSS JOIN LATERAL (
        SELECT CASE WHEN own.rule_id IS NOT NULL AND sums.total > 0
            THEN trade.verdict_status(coalesce(dec.failure_count, 0), CASE WHEN org.assessment_id IS NULL THEN TRUE ELSE org.result END)
        END AS status
    ) AS verdict;
END;
$$;

COMMENT ON FUNCTION trade.judge_assessments IS
'outcome: verdict, no_rule or error. Writes nothing; an answer does not depend on what else is asked for.';

REVOKE ALL ON FUNCTION trade.judge_assessments FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.judge_assessments TO tidemark_app, tidemark_operator;
