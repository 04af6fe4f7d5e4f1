-- trade.tenant_history()
-- The last verdicts of a company.
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.tenant_history(p_tenant_id uuid, p_since timestamptz DEFAULT NULL, p_max_rows integer DEFAULT 100, p_status text DEFAULT NULL)
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
    WHERE ver.tenant_id = p_tenant_id
        AND ver.created_at > coalesce(p_since, '-infinity')
        AND (p_status IS NULL OR ver.status = p_status COLLATE "C")
    ORDER BY ver.created_at DESC, ver.evaluation_id
    LIMIT p_max_rows;
END;

COMMENT ON FUNCTION trade.tenant_history IS
'Newest first; created after p_since, NULL: all.';

REVOKE ALL ON FUNCTION trade.tenant_history FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.tenant_history TO tidemark_app, tidemark_operator;
