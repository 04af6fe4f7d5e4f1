-- ops.index_sizes
-- What the indexes of a table weigh.
-- grain:    one row per table of users with an index
-- requires: nothing
-- source:   docs/indexes.md

CREATE OR REPLACE VIEW ops.index_sizes AS
SELECT
    own.schema_name,
    own.table_name,
    own.index_count,
    own.index_bytes,
    own.table_bytes,
    round(own.index_bytes / nullif(own.table_bytes, 0)::numeric, 4) AS index_share
FROM (
    SELECT
        sta.schemaname::text AS schema_name,
        sta.relname::text AS table_name,
        count(*) AS index_count,
        sum(pg_relation_size(sta.indexrelid))::bigint AS index_bytes,
        pg_table_size(sta.relid) AS table_bytes
    FROM pg_stat_user_indexes AS sta
    GROUP BY sta.schemaname, sta.relname, sta.relid
) AS own;

COMMENT ON VIEW ops.index_sizes IS
'Growth of indexes beyond that of their table asks for REINDEX CONCURRENTLY; how much of a size is empty is told by pgstattuple.';
COMMENT ON COLUMN ops.index_sizes.index_share IS 'Size of the indexes over that of the table; NULL: the table is empty.';

GRANT SELECT ON ops.index_sizes TO tidemark_operator;
