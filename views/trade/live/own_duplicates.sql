-- trade.own_duplicates
-- Repeated cases that the reader may see.
-- grain:    one row per company and digest
-- requires: trade.duplicates_by_case, trade.current_tenant(), trade.sees_every_tenant()
-- source:   docs/trade.md, "The digest of a case"

CREATE OR REPLACE VIEW trade.own_duplicates WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier
    SELECT trade.sees_every_tenant() AS sees_all, trade.current_tenant() AS tenant_id
)

SELECT
    src.tenant_id,
    src.input_hash,
    src.occurrences,
    src.first_evaluation_id,
    src.last_evaluation_id,
    src.first_created_at,
    src.last_created_at,
    src.statuses,
    src.conflicting
FROM trade.duplicates_by_case_as_of AS src
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.tenant_id,
    src.input_hash,
    src.occurrences,
    src.first_evaluation_id,
    src.last_evaluation_id,
    src.first_created_at,
    src.last_created_at,
    src.statuses,
    src.conflicting
FROM trade.duplicates_by_case_as_of AS src
WHERE src.tenant_id = (SELECT reader.tenant_id FROM reader WHERE NOT reader.sees_all);

COMMENT ON VIEW trade.own_duplicates IS
'Those of the company that the session works for; of all for operators.';

GRANT SELECT ON trade.own_duplicates TO tidemark_app, tidemark_operator;
