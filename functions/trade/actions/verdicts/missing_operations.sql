-- trade.missing_operations()
-- Operations of a list that were not done where it counts.
-- requires: trade.party_of()
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.missing_operations(
    p_assessment_id uuid, p_operations text[], p_export_country text, p_parties text[], p_cumulation text, p_on date
)
RETURNS text[]
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(array_agg(listed.code ORDER BY listed.place), '{}')
    FROM unnest(p_operations) WITH ORDINALITY AS listed (code, place)
    WHERE NOT EXISTS (
        SELECT FROM trade.assessment_operations AS ope
        WHERE ope.assessment_id = p_assessment_id
            AND ope.code = listed.code COLLATE "C"
            AND (
                ope.location IS NULL
                OR trade.party_of(ope.location, p_parties, p_on) = trade.party_of(p_export_country, p_parties, p_on)
                OR (p_cumulation = 'full' AND trade.party_of(ope.location, p_parties, p_on) IS NOT NULL)
            )
    );
END;

COMMENT ON FUNCTION trade.missing_operations IS
'In the exporting party; with full cumulation in any.';

REVOKE ALL ON FUNCTION trade.missing_operations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.missing_operations TO tidemark_app, tidemark_operator;
