-- clinical.tracker_fields()
-- The columns of a tracker that may be written, in the order in which they are checked.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Fields of a tracker"

CREATE OR REPLACE FUNCTION clinical.tracker_fields()
RETURNS TABLE (field_no integer, field text, kind text, is_nullable boolean, words text[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 9
BEGIN ATOMIC
    SELECT
        fld.field_no,
        fld.field,
        fld.kind,
        fld.is_nullable,
        fld.words
    FROM (
        VALUES
        (1, 'production_programmer_id', 'user', TRUE, '{}'::text[]),
        (2, 'qc_programmer_id', 'user', TRUE, '{}'),
        (3, 'production_status', 'word', FALSE, '{not_started,in_progress,completed,on_hold}'),
        (4, 'qc_status', 'word', FALSE, '{not_started,in_progress,completed,failed}'),
        (5, 'priority', 'word', FALSE, '{low,medium,high,critical}'),
        (6, 'qc_level', 'word', TRUE, '{level1,level2,level3}'),
        (7, 'due_date', 'day', TRUE, '{}'),
        (8, 'qc_completion_date', 'day', TRUE, '{}'),
        (9, 'in_production_flag', 'flag', FALSE, '{}')
    ) AS fld (field_no, field, kind, is_nullable, words);
END;

COMMENT ON FUNCTION clinical.tracker_fields IS
'kind: user, word (one of words, as written), day or flag. The checks of the table say the same of words and NULL.';
