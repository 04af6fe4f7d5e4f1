-- ops.index_unused
-- Indexes that nothing has read.
-- grain:    one row per index without a scan
-- requires: nothing
-- source:   docs/indexes.md

CREATE OR REPLACE VIEW ops.index_unused AS
SELECT
    sta.schemaname::text AS schema_name,
    sta.relname::text AS table_name,
    sta.indexrelname::text AS index_name,
    pg_relation_size(sta.indexrelid) AS size_bytes
FROM pg_stat_user_indexes AS sta
INNER JOIN pg_index AS idx ON sta.indexrelid = idx.indexrelid
WHERE sta.idx_scan = 0 AND NOT idx.indisprimary AND NOT idx.indisunique AND NOT idx.indisexclusion;

COMMENT ON VIEW ops.index_unused IS
'Never one that keeps something unique or apart: that is its use. Look at standbys, and at a whole month, before one is dropped.';

GRANT SELECT ON ops.index_unused TO tidemark_operator;
