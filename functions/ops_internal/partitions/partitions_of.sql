-- ops_internal.partitions_of()
-- Lists the partitions of one table with the ranges that their rows may have.
-- requires: nothing
-- source:   docs/partitions.md

-- The catalogue has bounds as expressions only. Their text is read under settings that leave one way to write an instant.
CREATE OR REPLACE FUNCTION ops_internal.partitions_of(p_table regclass)
RETURNS TABLE (partition_id oid, partition_name text, range_start timestamp, range_end timestamp, is_default boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' SET timezone = 'UTC' SET quote_all_identifiers = off
BEGIN ATOMIC
    SELECT
        rel.oid,
        format('%I.%I', nsp.nspname, rel.relname),
        -- an instant with its offset +00 is read as the same time of day
        CASE WHEN bound.parts[1] = 'MINVALUE' THEN '-infinity' ELSE trim(BOTH '''' FROM bound.parts[1]) END::timestamp,
        CASE WHEN bound.parts[2] = 'MAXVALUE' THEN 'infinity' ELSE trim(BOTH '''' FROM bound.parts[2]) END::timestamp,
        bound.text = 'DEFAULT'
    FROM pg_inherits AS inh
    INNER JOIN pg_class AS rel ON inh.inhrelid = rel.oid
    INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
    CROSS JOIN LATERAL (SELECT pg_get_expr(rel.relpartbound, rel.oid) AS text) AS expression
    CROSS JOIN LATERAL (
        SELECT expression.text, regexp_match(expression.text, '^FOR VALUES FROM \((.+)\) TO \((.+)\)$') AS parts
    ) AS bound
    WHERE inh.inhparent = p_table AND rel.relispartition;
END;

COMMENT ON FUNCTION ops_internal.partitions_of IS
'One row per partition, of one column of type date, timestamp or timestamptz (then in UTC). Start inclusive, end exclusive, infinite where open; both NULL for the default partition.';

REVOKE ALL ON FUNCTION ops_internal.partitions_of FROM PUBLIC;
-- the view ops.partitioned_table asks it for its reader
GRANT EXECUTE ON FUNCTION ops_internal.partitions_of TO tidemark_operator;
