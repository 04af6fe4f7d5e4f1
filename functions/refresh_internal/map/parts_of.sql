-- refresh_internal.parts_of()
-- The queries that a mapping consists of, with what is known of each.
-- requires: nothing
-- source:   docs/refresh.md, "Statements that touch many rows"

CREATE OR REPLACE FUNCTION refresh_internal.parts_of(p_source refresh.view_sources)
RETURNS TABLE (number bigint, mapping text, map_columns text[], reads jsonb, is_bulk boolean)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        part.number,
        part.value ->> 'mapping',
        ARRAY(SELECT col.name FROM jsonb_array_elements_text(part.value -> 'columns') AS col (name)),
        part.value -> 'reads',
        (part.value ->> 'is_bulk')::boolean
    FROM jsonb_array_elements((p_source).parts) WITH ORDINALITY AS part (value, number)
    WHERE (p_source).mapping_kind = 'keys'
    UNION ALL
    SELECT 1, (p_source).mapping, (p_source).map_columns, (p_source).reads, FALSE
    WHERE (p_source).mapping_kind = 'keys' AND (p_source).parts IS NULL;
END;

COMMENT ON FUNCTION refresh_internal.parts_of IS
'One row for each query of the mapping in its order; none when the source is not mapped to keys.';

REVOKE ALL ON FUNCTION refresh_internal.parts_of FROM PUBLIC;
