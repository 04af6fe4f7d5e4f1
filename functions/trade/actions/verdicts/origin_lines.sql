-- trade.origin_lines()
-- The materials of some assessments, each with what it counts as under the agreement.
-- requires: trade.line_status(), trade.party_rows(), trade.cumulation_zone()
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.origin_lines(p_assessment_ids uuid[])
RETURNS TABLE (
    assessment_id uuid,
    hs_code text,
    value numeric,
    line_status text,
    is_of_exporter boolean
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT ass.assessment_id, mat.hs_code::text, mat.value, trade.line_status(mat.is_originating, origin.party), origin.party = exporter.party
    FROM unnest(p_assessment_ids) AS asked (id)
    INNER JOIN trade.assessments AS ass ON asked.id = ass.assessment_id
    INNER JOIN trade.agreements AS agr ON ass.agreement_code = agr.code
    CROSS JOIN LATERAL trade.party_rows(ass.export_country, agr.parties, ass.effective_date) AS exporter
    INNER JOIN trade.assessment_materials AS mat ON ass.assessment_id = mat.assessment_id
    CROSS JOIN LATERAL trade.party_rows(
        mat.country_of_origin,
        trade.cumulation_zone(agr.cumulation, agr.parties, agr.cumulation_partners, exporter.party), ass.effective_date
    ) AS origin
    WHERE exporter.party IS NOT NULL;
END;

COMMENT ON FUNCTION trade.origin_lines IS
'No row where the exporting country belongs to no party.';

REVOKE ALL ON FUNCTION trade.origin_lines FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.origin_lines TO tidemark_app, tidemark_operator;
