-- ops.partitioned_table
-- How the partitions of each declared table stand.
-- grain:    one row per table declared with ops.keep_partitions()
-- requires: ops_internal.partitions_of()
-- source:   docs/partitions.md

CREATE OR REPLACE VIEW ops.partitioned_table AS
SELECT
    par.table_name,
    par.period,
    par.first_day,
    par.ahead,
    par.keep,
    parts.partition_count,
    parts.covered_until,
    parts.default_bytes,
    (SELECT count(*) FROM ops.detached_partitions AS det WHERE det.table_name = par.table_name) AS detached_count,
    par.told,
    par.told_at
FROM ops.partitioned_tables AS par
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE NOT part.is_default) AS partition_count,
        max(part.range_end) AS covered_until,
        sum(pg_relation_size(part.partition_id)) FILTER (WHERE part.is_default) AS default_bytes
    FROM ops_internal.partitions_of(to_regclass(par.table_name)) AS part
) AS parts;

COMMENT ON VIEW ops.partitioned_table IS
'For administrators. covered_until: rows from there on go to the default partition; default_bytes: what has gathered there, NULL without one; told: what the last tick passed over, and why.';

GRANT SELECT ON ops.partitioned_table TO tidemark_operator;
