-- bi.trade_duplicate
-- Cases of a company that were judged more than once.
-- grain:    one row per company and digest
-- tidemark-ignore: owner-view-over-row-security because the grants of the reader filter the rows
-- requires: trade.duplicates_by_case, trade.tenant_ids(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Trade"

CREATE OR REPLACE VIEW bi.trade_duplicate WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('trade') AS sees_all,
        trade.tenant_ids(access.sees('trade', 'tenant')) AS tenant_ids
)

SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.input_hash::text AS input_hash,
    src.occurrences AS verdict_count,
    src.first_evaluation_id,
    src.last_evaluation_id,
    src.first_created_at,
    src.last_created_at,
    array_to_string(src.statuses, ', ') AS statuses,
    src.conflicting AS is_conflicting
FROM trade.duplicates_by_case AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.input_hash::text AS input_hash,
    src.occurrences AS verdict_count,
    src.first_evaluation_id,
    src.last_evaluation_id,
    src.first_created_at,
    src.last_created_at,
    array_to_string(src.statuses, ', ') AS statuses,
    src.conflicting AS is_conflicting
FROM trade.duplicates_by_case AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id = ANY((SELECT reader.tenant_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.trade_duplicate IS
'Repeated cases. Grain: one row per company and digest. Key: tenant_id, input_hash. Data as of: trade.duplicates_by_case, see bi.freshness.';
COMMENT ON COLUMN bi.trade_duplicate.tenant_id IS 'Company.';
COMMENT ON COLUMN bi.trade_duplicate.tenant_name IS 'Its name.';
COMMENT ON COLUMN bi.trade_duplicate.input_hash IS 'Digest of the case.';
COMMENT ON COLUMN bi.trade_duplicate.verdict_count IS 'How often it was judged.';
COMMENT ON COLUMN bi.trade_duplicate.first_evaluation_id IS 'First verdict.';
COMMENT ON COLUMN bi.trade_duplicate.last_evaluation_id IS 'Last verdict.';
COMMENT ON COLUMN bi.trade_duplicate.first_created_at IS 'When the first was written.';
COMMENT ON COLUMN bi.trade_duplicate.last_created_at IS 'When the last was written.';
COMMENT ON COLUMN bi.trade_duplicate.statuses IS 'What was decided, each once.';
COMMENT ON COLUMN bi.trade_duplicate.is_conflicting IS 'Whether they differ.';

GRANT SELECT ON bi.trade_duplicate TO tidemark_bi;
