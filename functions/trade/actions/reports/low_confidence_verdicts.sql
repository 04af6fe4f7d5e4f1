-- trade.low_confidence_verdicts()
-- Verdicts that deserve a second look, the least certain first.
-- requires: trade.is_low_confidence()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.low_confidence_verdicts(p_max_rows integer DEFAULT 200)
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    evaluation_id uuid,
    tenant_id uuid,
    confidence numeric,
    status text,
    created_at timestamptz
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        row_number() OVER (ORDER BY low.confidence, low.created_at DESC, low.evaluation_id),
        low.evaluation_id, low.tenant_id, low.confidence, low.status::text, low.created_at
    FROM (
        SELECT ver.evaluation_id, ver.tenant_id, ver.confidence, ver.status, ver.created_at
        FROM trade.psra_verdicts AS ver
        -- said twice: the rule, and in a form that the index on status and confidence knows
        WHERE trade.is_low_confidence(ver.status, ver.confidence) AND ver.status IN ('qualified', 'manual_review')
        ORDER BY ver.confidence, ver.created_at DESC, ver.evaluation_id
        LIMIT p_max_rows
    ) AS low
    ORDER BY low.confidence, low.created_at DESC, low.evaluation_id;
END;

COMMENT ON FUNCTION trade.low_confidence_verdicts IS
'Exact.';

REVOKE ALL ON FUNCTION trade.low_confidence_verdicts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.low_confidence_verdicts TO tidemark_app, tidemark_operator;
