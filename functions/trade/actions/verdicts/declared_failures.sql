-- trade.declared_failures()
-- Which declared checks some assessments fail.
-- requires: trade.exceeds(), trade.percent_text()
-- source:   docs/trade.md, "Declared checks"

CREATE OR REPLACE FUNCTION trade.declared_failures(p_assessment_ids uuid[], p_rule_ids text[])
RETURNS TABLE (
    assessment_id uuid,
    check_no integer,
    place bigint,
    code text,
    severity text,
    description text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH given AS MATERIALIZED (
        SELECT
            ass.assessment_id,
            ass.value_added_percentage,
            ass.submitted_certificates,
            ass.evidence,
            rul.payload -> 'criteria' AS criteria,
            sums.total,
            sums.not_originating
        FROM unnest(p_assessment_ids, p_rule_ids) AS own (assessment_id, rule_id)
        INNER JOIN trade.assessments AS ass ON own.assessment_id = ass.assessment_id
        INNER JOIN trade.psra_rules AS rul ON own.rule_id = rul.rule_id
        CROSS JOIN LATERAL (
            SELECT
                sum(mat.value) AS total,
                coalesce(sum(mat.value) FILTER (WHERE mat.is_originating IS NOT TRUE), 0) AS not_originating
            FROM trade.assessment_materials AS mat
            WHERE mat.assessment_id = ass.assessment_id
        ) AS sums
        WHERE sums.total > 0
    )

    SELECT giv.assessment_id, 1, wanted.place,
        CASE WHEN found.line_count = 0 THEN 'BOM_MISSING_INPUT' ELSE 'BOM_EXCEEDS_THRESHOLD' END,
        'high',
        CASE WHEN found.line_count = 0 THEN format('required input HS %s absent', wanted.item ->> 'hs_code')
            ELSE format('input HS %s is %s%% of material value, limit %s%%', wanted.item ->> 'hs_code',
                trade.percent_text(found.value * 100 / giv.total), trade.percent_text((wanted.item ->> 'max_percentage')::numeric)) END
    FROM given AS giv
    CROSS JOIN LATERAL jsonb_array_elements(giv.criteria #> '{bom,required_inputs}') WITH ORDINALITY AS wanted (item, place)
    CROSS JOIN LATERAL (
        SELECT count(*) AS line_count, sum(mat.value) AS value
        FROM trade.assessment_materials AS mat
        WHERE mat.assessment_id = giv.assessment_id AND starts_with(mat.hs_code, wanted.item ->> 'hs_code')
    ) AS found
    WHERE found.line_count = 0 OR trade.exceeds(found.value * 100 / giv.total, (wanted.item ->> 'max_percentage')::numeric)
    UNION ALL
    SELECT giv.assessment_id, 2, 1, 'INSUFFICIENT_RVC', 'high',
        format('declared value added %s%% is under %s%%', trade.percent_text(giv.value_added_percentage),
            trade.percent_text((giv.criteria #>> '{bom,regional_value_content,threshold}')::numeric))
    FROM given AS giv
    -- under the limit: the limit is over it
    WHERE trade.exceeds((giv.criteria #>> '{bom,regional_value_content,threshold}')::numeric, giv.value_added_percentage)
    UNION ALL
    SELECT giv.assessment_id, 3, 1, 'NON_ORIGINATING_THRESHOLD', 'high',
        format('non-originating materials are %s%% of material value, limit %s%%', trade.percent_text(giv.not_originating * 100 / giv.total),
            trade.percent_text((giv.criteria #>> '{bom,non_originating_materials,max_percentage}')::numeric))
    FROM given AS giv
    WHERE trade.exceeds(giv.not_originating * 100 / giv.total, (giv.criteria #>> '{bom,non_originating_materials,max_percentage}')::numeric)
    UNION ALL
    SELECT giv.assessment_id, 4, wanted.place, 'MISSING_PROCESS', 'critical', format('operation %s not performed', wanted.item ->> 'code')
    FROM given AS giv
    CROSS JOIN LATERAL jsonb_array_elements(giv.criteria #> '{process,required_operations}') WITH ORDINALITY AS wanted (item, place)
    WHERE NOT EXISTS (
        SELECT FROM trade.assessment_operations AS ope
        WHERE ope.assessment_id = giv.assessment_id AND ope.code = wanted.item ->> 'code'
    )
    UNION ALL
    SELECT giv.assessment_id, 5, ope.seq, 'DISALLOWED_OPERATION', 'high', format('operation %s is not allowed', ope.code)
    FROM given AS giv
    INNER JOIN trade.assessment_operations AS ope ON giv.assessment_id = ope.assessment_id
    WHERE giv.criteria #> '{process,disallowed_operations}' @> jsonb_build_array(jsonb_build_object('code', ope.code))
    UNION ALL
    SELECT giv.assessment_id, 6, wanted.place, 'MISSING_CERTIFICATE', 'high', format('certificate %s not submitted', wanted.name)
    FROM given AS giv
    CROSS JOIN LATERAL jsonb_array_elements_text(giv.criteria #> '{documentation,certificates}') WITH ORDINALITY AS wanted (name, place)
    WHERE NOT wanted.name COLLATE "C" = ANY(giv.submitted_certificates)
    UNION ALL
    SELECT giv.assessment_id, 7, wanted.place, 'MISSING_EVIDENCE', 'medium', format('evidence %s not supplied', wanted.item ->> 'type')
    FROM given AS giv
    CROSS JOIN LATERAL jsonb_array_elements(giv.criteria #> '{documentation,additional_evidence}') WITH ORDINALITY AS wanted (item, place)
    WHERE NOT giv.evidence ? (wanted.item ->> 'type');
END;

COMMENT ON FUNCTION trade.declared_failures IS
'Each with the rule at the same place of p_rule_ids. In order of check_no and place; every failure is a reason. Percentages are compared with a slack of 0.000001.';

REVOKE ALL ON FUNCTION trade.declared_failures FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.declared_failures TO tidemark_app, tidemark_operator;
