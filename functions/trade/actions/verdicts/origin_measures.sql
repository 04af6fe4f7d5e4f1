-- trade.origin_measures()
-- What the tests of the alternatives look at, for some assessments.
-- requires: trade.origin_lines(), trade.psra_rule_tests, trade.has_changed(), trade.hs_in_scope()
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.origin_measures(p_assessment_ids uuid[], p_rule_ids text[])
RETURNS TABLE (
    assessment_id uuid,
    rule_id text,
    alternative_no integer,
    test_no integer,
    n_hi bigint,
    v_hi numeric,
    n_lo bigint,
    v_lo numeric,
    lo numeric,
    hi numeric,
    vo numeric,
    vn numeric,
    vu numeric,
    not_of_exporter bigint,
    not_originating bigint,
    unknown_lines bigint,
    uses_partners boolean
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH lines AS MATERIALIZED (
        SELECT lin.* FROM trade.origin_lines(p_assessment_ids) AS lin
    ),

    tests AS MATERIALIZED (
        SELECT tst.*
        FROM (SELECT DISTINCT own.rule_id FROM unnest(p_rule_ids) AS own (rule_id)) AS own
        INNER JOIN trade.psra_rule_tests AS tst ON own.rule_id = tst.rule_id
    )

    SELECT
        own.assessment_id,
        own.rule_id,
        tst.alternative_no,
        tst.test_no,
        count(*) FILTER (WHERE lin.line_status <> 'O' AND shift.has_changed IS NOT TRUE),
        coalesce(sum(lin.value) FILTER (WHERE lin.line_status <> 'O' AND shift.has_changed IS NOT TRUE), 0),
        count(*) FILTER (WHERE lin.line_status = 'N' AND shift.has_changed IS FALSE),
        coalesce(sum(lin.value) FILTER (WHERE lin.line_status = 'N' AND shift.has_changed IS FALSE), 0),
        coalesce(sum(lin.value) FILTER (WHERE lin.line_status = 'N' AND shift.is_in_scope), 0),
        coalesce(sum(lin.value) FILTER (WHERE lin.line_status <> 'O' AND shift.is_in_scope IS NOT FALSE), 0),
        coalesce(sum(lin.value) FILTER (WHERE lin.line_status = 'O'), 0),
        coalesce(sum(lin.value) FILTER (WHERE lin.line_status = 'N'), 0),
        coalesce(sum(lin.value) FILTER (WHERE lin.line_status = 'U'), 0),
        count(*) FILTER (WHERE lin.line_status = 'N' OR NOT lin.is_of_exporter),
        count(*) FILTER (WHERE lin.line_status = 'N'),
        count(*) FILTER (WHERE lin.line_status = 'U'),
        coalesce(bool_or(lin.line_status = 'O' AND NOT lin.is_of_exporter), FALSE)
    FROM unnest(p_assessment_ids, p_rule_ids) AS own (assessment_id, rule_id)
    INNER JOIN trade.assessments AS ass ON own.assessment_id = ass.assessment_id
    INNER JOIN tests AS tst ON own.rule_id = tst.rule_id
    INNER JOIN lines AS lin ON own.assessment_id = lin.assessment_id
    -- each once for a line and a test: OFFSET keeps the planner from writing it into every sum
    CROSS JOIN LATERAL (
        SELECT CASE WHEN tst.hs_scope = '{}' THEN tst.kind = 'MAXNOM' ELSE trade.hs_in_scope(lin.hs_code, tst.hs_scope) END AS is_in_scope
        OFFSET 0
    ) AS scope
    CROSS JOIN LATERAL (
        SELECT
            scope.is_in_scope,
            CASE WHEN tst.kind = 'CTC' THEN trade.has_changed(lin.hs_code, ass.product_hs, tst.ctc_level, scope.is_in_scope) END AS has_changed
        OFFSET 0
    ) AS shift
    GROUP BY own.assessment_id, own.rule_id, tst.alternative_no, tst.test_no;
END;

COMMENT ON FUNCTION trade.origin_measures IS
'hi and lo: at most and for certain. n, v: materials without the change of code that a CTC test asks, number and value. lo, hi: value that a MAXNOM test counts. vo, vn, vu: value of originating, other and undecided materials.';

REVOKE ALL ON FUNCTION trade.origin_measures FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.origin_measures TO tidemark_app, tidemark_operator;
