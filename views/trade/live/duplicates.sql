-- trade.duplicates
-- Cases of a company that were judged more than once.
-- grain:    one row per company and digest with two verdicts or more
-- requires: nothing
-- source:   docs/trade.md, "The digest of a case"

CREATE OR REPLACE VIEW trade.duplicates WITH (security_invoker = true) AS
SELECT
    ver.tenant_id,
    ver.input_hash,
    count(*) AS occurrences,
    (array_agg(ver.evaluation_id ORDER BY ver.created_at, ver.evaluation_id))[1] AS first_evaluation_id,
    (array_agg(ver.evaluation_id ORDER BY ver.created_at DESC, ver.evaluation_id))[1] AS last_evaluation_id,
    min(ver.created_at) AS first_created_at,
    max(ver.created_at) AS last_created_at,
    array_agg(DISTINCT ver.status::text COLLATE "C" ORDER BY ver.status::text COLLATE "C") AS statuses,
    min(ver.status) <> max(ver.status) AS conflicting
FROM trade.psra_verdicts AS ver
GROUP BY ver.tenant_id, ver.input_hash
HAVING count(*) >= 2;

COMMENT ON VIEW trade.duplicates IS
'Conflicting: their statuses differ.';

GRANT SELECT ON trade.duplicates TO tidemark_app, tidemark_operator;
