-- clinical.delta_of()
-- The columns of a row that a change gave new values.
-- requires: nothing
-- source:   docs/clinical_writes.md, "What is told"

CREATE OR REPLACE FUNCTION clinical.delta_of(before jsonb, after jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT jsonb_object_agg(col.key, col.value)
    FROM jsonb_each(after) AS col
    WHERE col.key <> 'updated_at' AND col.value IS DISTINCT FROM before -> col.key
);

COMMENT ON FUNCTION clinical.delta_of IS
'The new values; with the arguments exchanged the old ones. NULL when nothing differs but the time of the change.';
