-- clinical.values_of_changes()
-- What the log of changes keeps of one entry as values before and after.
-- requires: nothing
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.values_of_changes(action text, changes jsonb, OUT before_values jsonb, OUT after_values jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        CASE action WHEN 'UPDATE' THEN changes -> 'before' WHEN 'DELETE' THEN changes -> 'deleted' END,
        CASE action
            WHEN 'CREATE' THEN changes -> 'created'
            WHEN 'UPDATE' THEN changes -> 'after'
            WHEN 'DELETE' THEN nullif(changes - 'deleted', '{}')
            ELSE changes
        END;
END;

COMMENT ON FUNCTION clinical.values_of_changes IS
'CREATE, UPDATE and DELETE have rows or columns on either side, the cascade of a DELETE stands with what is after; all that other actions tell is after. clinical.audit_log puts it together again.';
