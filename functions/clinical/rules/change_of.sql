-- clinical.change_of()
-- What the log of changes says of one row.
-- requires: clinical.delta_of()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.change_of(before jsonb, after jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN before IS NULL THEN jsonb_build_object('created', after)
    WHEN after IS NULL THEN jsonb_build_object('deleted', before)
    ELSE jsonb_build_object('before', clinical.delta_of(after, before), 'after', clinical.delta_of(before, after))
END;

COMMENT ON FUNCTION clinical.change_of IS
'created or deleted with the whole row, or before and after with the columns that changed.';
