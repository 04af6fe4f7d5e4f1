-- trade.evaluations_of()
-- The verdicts on one case of a company.
-- requires: nothing
-- source:   docs/trade.md, "The digest of a case"

CREATE OR REPLACE FUNCTION trade.evaluations_of(p_tenant_id uuid, p_input_hash text)
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
    WHERE ver.tenant_id = p_tenant_id AND ver.input_hash = p_input_hash::char(64)
    ORDER BY ver.created_at, ver.evaluation_id;
END;

COMMENT ON FUNCTION trade.evaluations_of IS
'Oldest first; exact.';

REVOKE ALL ON FUNCTION trade.evaluations_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.evaluations_of TO tidemark_app, tidemark_operator;
