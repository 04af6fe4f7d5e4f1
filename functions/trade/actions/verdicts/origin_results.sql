-- trade.origin_results()
-- What the alternatives of their rules come to for some assessments.
-- requires: trade.origin_tests(), trade.party_rows(), trade.all_hold(), trade.any_holds(), trade.alternative_confidence()
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.origin_results(p_assessment_ids uuid[], p_rule_ids text[])
RETURNS TABLE (
    assessment_id uuid,
    result boolean,
    confidence numeric,
    alternative_label text,
    reasons jsonb
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH exporters AS MATERIALIZED (
        SELECT
            ass.assessment_id,
            ass.export_country,
            ass.agreement_code,
            ass.effective_date,
            exporter.party,
            coalesce((
                SELECT bool_and(ope.code::text = ANY(agr.minimal_operations))
                FROM trade.assessment_operations AS ope
                WHERE ope.assessment_id = ass.assessment_id
            ), FALSE) AS is_minimal
        FROM unnest(p_assessment_ids) AS asked (id)
        INNER JOIN trade.assessments AS ass ON asked.id = ass.assessment_id
        INNER JOIN trade.agreements AS agr ON ass.agreement_code = agr.code
        CROSS JOIN LATERAL trade.party_rows(ass.export_country, agr.parties, ass.effective_date) AS exporter
    ),

    tests AS (
        SELECT
            tst.*,
            jsonb_build_object('code', tst.code, 'description', tst.description, 'severity', tst.severity) AS reason,
            exp.is_minimal AND NOT bool_or(tst.kind IN ('WO', 'PE')) OVER alternative AS is_struck,
            trade.all_hold(bool_or(tst.result IS FALSE) OVER alternative, bool_or(tst.result IS NULL) OVER alternative) AS tests_result,
            trade.alternative_confidence(
                bool_or(tst.uses_tolerance) OVER alternative, bool_or(tst.uses_partners) OVER alternative,
                bool_or(tst.is_close) OVER alternative, bool_or(tst.has_unknown_lines) OVER alternative
            ) AS confidence
        FROM trade.origin_tests(p_assessment_ids, p_rule_ids) AS tst
        INNER JOIN exporters AS exp ON tst.assessment_id = exp.assessment_id
        WINDOW alternative AS (PARTITION BY tst.assessment_id, tst.alternative_no)
    ),

    judged AS (
        SELECT tst.*, CASE WHEN tst.is_struck THEN FALSE ELSE tst.tests_result END AS alternative_result
        FROM tests AS tst
    ),

    joined AS (
        SELECT
            jud.assessment_id,
            trade.any_holds(bool_or(jud.alternative_result IS TRUE), bool_or(jud.alternative_result IS NULL)) AS result,
            bool_or(jud.is_struck) AS is_struck,
            (array_agg(jud.confidence ORDER BY jud.confidence DESC, jud.alternative_no) FILTER (WHERE jud.alternative_result))[1] AS confidence,
            (array_agg(jud.alternative_label ORDER BY jud.confidence DESC, jud.alternative_no) FILTER (WHERE jud.alternative_result))[1]
                AS alternative_label,
            coalesce(jsonb_agg(jud.reason ORDER BY jud.alternative_no, jud.test_no) FILTER (WHERE jud.result IS FALSE), '[]') AS failures,
            coalesce(
                jsonb_agg(jud.reason ORDER BY jud.alternative_no, jud.test_no)
                FILTER (WHERE jud.result IS NULL AND jud.alternative_result IS NULL), '[]'
            ) AS undecided
        FROM judged AS jud
        GROUP BY jud.assessment_id
    )

    SELECT
        joi.assessment_id,
        joi.result,
        joi.confidence,
        joi.alternative_label,
        CASE
            WHEN joi.result THEN '[]'
            WHEN joi.result IS NULL THEN joi.undecided
            WHEN joi.is_struck THEN jsonb_build_array(jsonb_build_object(
                'code', 'INSUFFICIENT_PROCESSING', 'description', 'only minimal operations performed', 'severity', 'critical'
            )) || joi.failures
            ELSE joi.failures
        END
    FROM joined AS joi
    UNION ALL
    SELECT
        exp.assessment_id,
        FALSE,
        NULL,
        NULL,
        jsonb_build_array(jsonb_build_object(
            'code', 'EXPORTER_NOT_IN_PARTY',
            'description', format('export country %s belongs to no party of %s on %s', exp.export_country, exp.agreement_code,
                to_char(exp.effective_date, 'YYYY-MM-DD')),
            'severity', 'critical'
        ))
    FROM exporters AS exp
    WHERE exp.party IS NULL;
END;

COMMENT ON FUNCTION trade.origin_results IS
'For assessments whose rule has alternatives. result NULL: undecided. The confidence and label are those of the surest alternative; reasons are there unless it is met.';

REVOKE ALL ON FUNCTION trade.origin_results FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.origin_results TO tidemark_app, tidemark_operator;
