-- refresh_internal.relations_of()
-- The tables that need triggers for changes of one source to be seen.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

-- A statement that writes to a partition by its own name fires only the triggers of that partition, so the
-- partitions need triggers of their own, beside those of the parent. Foreign partitions cannot have any.
CREATE OR REPLACE FUNCTION refresh_internal.relations_of(p_source_name text)
RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE family AS (
        -- a storage that is being filled beside is captured only once readers see it
        SELECT to_regclass(CASE WHEN sv.view_id IS NULL THEN source.name ELSE sv.serving_name END)::oid AS relation_id
        FROM (SELECT p_source_name AS name) AS source
        LEFT JOIN refresh.stored_views AS sv ON source.name = sv.view_name
        UNION
        SELECT inh.inhrelid FROM family INNER JOIN pg_inherits AS inh ON family.relation_id = inh.inhparent
    )

    SELECT array_agg(format('%I.%I', nsp.nspname, rel.relname) ORDER BY nsp.nspname, rel.relname)
    FROM family
    INNER JOIN pg_class AS rel ON family.relation_id = rel.oid
    INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
    WHERE rel.relkind IN ('r', 'p');
END;

COMMENT ON FUNCTION refresh_internal.relations_of IS
'The source itself, or the storage that a stored view reads now, with all partitions and inheriting tables; NULL when it is gone.';

REVOKE ALL ON FUNCTION refresh_internal.relations_of FROM PUBLIC;
