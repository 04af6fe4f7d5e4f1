-- trade.recent_verdicts()
-- The last verdicts.
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.recent_verdicts(p_count integer DEFAULT 100)
RETURNS TABLE (
    evaluation_id uuid,
    tenant_id uuid,
    rule_id text,
    agreement_code text,
    hs_subheading text,
    export_country text,
    import_country text,
    status text,
    confidence numeric,
    decided_at timestamptz,
    created_at timestamptz
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        ver.evaluation_id, ver.tenant_id, ver.rule_id::text, ver.agreement_code::text, ver.hs_subheading::text, ver.export_country::text,
        ver.import_country::text, ver.status::text, ver.confidence, ver.decided_at, ver.created_at
    FROM trade.psra_verdicts AS ver
    ORDER BY ver.created_at DESC, ver.evaluation_id
    LIMIT p_count;
END;

COMMENT ON FUNCTION trade.recent_verdicts IS
'Newest first.';

REVOKE ALL ON FUNCTION trade.recent_verdicts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.recent_verdicts TO tidemark_app, tidemark_operator;
