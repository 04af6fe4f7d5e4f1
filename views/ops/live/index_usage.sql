-- ops.index_usage
-- How often each index was read.
-- grain:    one row per index of a table of users
-- requires: nothing
-- source:   docs/indexes.md

CREATE OR REPLACE VIEW ops.index_usage AS
SELECT
    sta.schemaname::text AS schema_name,
    sta.relname::text AS table_name,
    sta.indexrelname::text AS index_name,
    sta.idx_scan AS scan_count,
    sta.idx_tup_read AS tuples_read,
    sta.idx_tup_fetch AS tuples_fetched,
    pg_relation_size(sta.indexrelid) AS size_bytes
FROM pg_stat_user_indexes AS sta;

COMMENT ON VIEW ops.index_usage IS
'Since the statistics were last reset, on this server: a standby counts its own reads.';
COMMENT ON COLUMN ops.index_usage.scan_count IS 'Scans that used it.';
COMMENT ON COLUMN ops.index_usage.tuples_read IS 'Entries that these scans gave.';
COMMENT ON COLUMN ops.index_usage.tuples_fetched IS 'Rows fetched by plain index scans; bitmap scans do not count here.';

GRANT SELECT ON ops.index_usage TO tidemark_operator;
