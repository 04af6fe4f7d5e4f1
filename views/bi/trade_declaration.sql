-- bi.trade_declaration
-- What declarations of suppliers are worth on the business day.
-- grain:    one row per declaration
-- tidemark-ignore: owner-view-over-row-security because the grants of the reader filter the rows
-- requires: trade.ltsd_status_by_declaration, trade.tenant_ids(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Trade"

CREATE OR REPLACE VIEW bi.trade_declaration WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('trade') AS sees_all,
        trade.tenant_ids(access.sees('trade', 'tenant')) AS tenant_ids
)

SELECT
    src.id AS declaration_id,
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.document_ref::text AS document_ref,
    src.version AS version_no,
    src.valid_to AS valid_to_on,
    src.effective_status,
    src.expiry_band,
    array_to_string(src.warnings, ', ') AS warnings,
    src.next_transition AS next_change_on
FROM trade.ltsd_status_by_declaration_as_of AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.id AS declaration_id,
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.document_ref::text AS document_ref,
    src.version AS version_no,
    src.valid_to AS valid_to_on,
    src.effective_status,
    src.expiry_band,
    array_to_string(src.warnings, ', ') AS warnings,
    src.next_transition AS next_change_on
FROM trade.ltsd_status_by_declaration_as_of AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id = ANY((SELECT reader.tenant_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.trade_declaration IS
'Declarations with what they are worth. Grain: one row per declaration. Key: declaration_id. Data as of: trade.ltsd_status_by_declaration, see bi.freshness.';
COMMENT ON COLUMN bi.trade_declaration.declaration_id IS 'Declaration.';
COMMENT ON COLUMN bi.trade_declaration.tenant_id IS 'Company.';
COMMENT ON COLUMN bi.trade_declaration.tenant_name IS 'Its name.';
COMMENT ON COLUMN bi.trade_declaration.document_ref IS 'Document.';
COMMENT ON COLUMN bi.trade_declaration.version_no IS 'Its version.';
COMMENT ON COLUMN bi.trade_declaration.valid_to_on IS 'Last valid day.';
COMMENT ON COLUMN bi.trade_declaration.effective_status IS 'draft, not_yet_valid, active, expired, revoked or superseded.';
COMMENT ON COLUMN bi.trade_declaration.expiry_band IS 'd30, d60, d90: that many days left or fewer; none.';
COMMENT ON COLUMN bi.trade_declaration.warnings IS 'What is odd about its period; empty: nothing.';
COMMENT ON COLUMN bi.trade_declaration.next_change_on IS 'Day on which that changes by time alone; NULL: never.';

GRANT SELECT ON bi.trade_declaration TO tidemark_bi;
