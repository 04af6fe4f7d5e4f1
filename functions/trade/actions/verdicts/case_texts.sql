-- trade.case_texts()
-- What is judged, as one text for each of some assessments.
-- requires: nothing
-- source:   docs/trade.md, "The digest of a case"

CREATE OR REPLACE FUNCTION trade.case_texts(p_assessment_ids uuid[])
RETURNS TABLE (
    assessment_id uuid,
    case_text text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        ass.assessment_id,
        concat_ws(
            '|', 'v1', ass.tenant_id, ass.agreement_code, ass.product_code, ass.product_hs, to_char(ass.effective_date, 'YYYY-MM-DD'),
            ass.export_country, ass.import_country, ass.currency,
            coalesce(to_char(ass.ex_works_price, 'FM999999999990.00'), ''), coalesce(to_char(ass.fob_price, 'FM999999999990.00'), ''),
            coalesce(to_char(ass.net_cost, 'FM999999999990.00'), ''), to_char(ass.value_added_percentage, 'FM990.0000'),
            coalesce(done.text, ''),
            (SELECT coalesce(string_agg(DISTINCT item.name COLLATE "C", ',' ORDER BY item.name COLLATE "C"), '')
                FROM unnest(ass.submitted_certificates) AS item (name)),
            (SELECT coalesce(string_agg(item.name, ',' ORDER BY item.name COLLATE "C"), '') FROM jsonb_object_keys(ass.evidence) AS item (name)),
            coalesce(lines.text, '')
        )
    FROM (SELECT DISTINCT asked.id FROM unnest(p_assessment_ids) AS asked (id)) AS asked
    INNER JOIN trade.assessments AS ass ON asked.id = ass.assessment_id
    LEFT JOIN LATERAL (
        SELECT string_agg(ope.code || '@' || coalesce(ope.location, ''), ',' ORDER BY (ope.code || '@' || coalesce(ope.location, '')) COLLATE "C") AS text
        FROM trade.assessment_operations AS ope
        WHERE ope.assessment_id = ass.assessment_id
    ) AS done ON TRUE
    LEFT JOIN LATERAL (
        SELECT string_agg(line.text, ';' ORDER BY line.text COLLATE "C") AS text
        FROM (
            SELECT
                concat_ws(
                    ':', mat.hs_code, mat.country_of_origin, to_char(mat.value, 'FM999999999990.00'),
                    CASE WHEN mat.is_originating IS NULL THEN 'u' WHEN mat.is_originating THEN 't' ELSE 'f' END
                ) AS text
            FROM trade.assessment_materials AS mat
            WHERE mat.assessment_id = ass.assessment_id
        ) AS line
    ) AS lines ON TRUE;
END;

COMMENT ON FUNCTION trade.case_texts IS
'The same for the same case of one company, in whatever order its lines come. Requests, ids of lines and descriptions are left out.';

REVOKE ALL ON FUNCTION trade.case_texts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.case_texts TO tidemark_app, tidemark_operator;
