-- trade.duplicate_list()
-- Cases judged more than once.
-- requires: trade.own_duplicates
-- source:   docs/trade.md, "The digest of a case"

CREATE OR REPLACE FUNCTION trade.duplicate_list(p_tenant_id uuid DEFAULT NULL)
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    tenant_id uuid,
    input_hash text,
    occurrences bigint,
    first_evaluation_id uuid,
    last_evaluation_id uuid,
    first_created_at timestamptz,
    last_created_at timestamptz,
    statuses text[],
    conflicting boolean
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        row_number() OVER (ORDER BY dup.occurrences DESC, dup.last_created_at DESC, dup.input_hash, dup.tenant_id),
        dup.tenant_id, dup.input_hash::text, dup.occurrences, dup.first_evaluation_id, dup.last_evaluation_id, dup.first_created_at,
        dup.last_created_at, dup.statuses, dup.conflicting
    FROM trade.own_duplicates AS dup
    WHERE p_tenant_id IS NULL OR dup.tenant_id = p_tenant_id
    ORDER BY dup.occurrences DESC, dup.last_created_at DESC, dup.input_hash, dup.tenant_id;
END;

COMMENT ON FUNCTION trade.duplicate_list IS
'The most repeated first. NULL: of all companies that the reader sees.';

REVOKE ALL ON FUNCTION trade.duplicate_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.duplicate_list TO tidemark_app, tidemark_operator;
