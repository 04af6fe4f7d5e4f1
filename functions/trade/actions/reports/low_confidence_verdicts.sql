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
        -- status by status, because each alone lies in the index in this order
        (
            SELECT ver.evaluation_id, ver.tenant_id, ver.confidence, ver.status, ver.created_at
            FROM trade.psra_verdicts AS ver
            WHERE ver.status = 'qualified' AND trade.is_low_confidence(ver.status, ver.confidence)
            ORDER BY ver.confidence, ver.created_at DESC, ver.evaluation_id
            LIMIT p_max_rows
        )
        UNION ALL
        (
            SELECT ver.evaluation_id, ver.tenant_id, ver.confidence, ver.status, ver.created_at
            FROM trade.psra_verdicts AS ver
            WHERE ver.status = 'manual_review' AND trade.is_low_confidence(ver.status, ver.confidence)
            ORDER BY ver.confidence, ver.created_at DESC, ver.evaluation_id
            LIMIT p_max_rows
        )
    ) AS low
    ORDER BY low.confidence, low.created_at DESC, low.evaluation_id
    LIMIT p_max_rows;
END;

COMMENT ON FUNCTION trade.low_confidence_verdicts IS
'Exact.';

REVOKE ALL ON FUNCTION trade.low_confidence_verdicts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.low_confidence_verdicts TO tidemark_app, tidemark_operator;
