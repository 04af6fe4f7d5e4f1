-- commerce.supersede_repeats()
-- Of the accepted rows of a file that have the same key, the last one counts.
-- requires: nothing
-- source:   docs/commerce.md, "Repeated rows"

CREATE OR REPLACE FUNCTION commerce.supersede_repeats(p_upload_id bigint, p_key text[], p_named_column text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
AS $$
BEGIN
    EXECUTE format(
        $sql$
        WITH repeated AS (
            SELECT %1$s, max(row_no) AS last_row_no
            FROM pg_temp.checked_rows
            WHERE NOT is_rejected
            GROUP BY %2$s
            HAVING count(*) > 1
        ),
        replaced AS (
            UPDATE pg_temp.checked_rows AS checked
            SET is_superseded = true
            FROM repeated
            WHERE %3$s AND checked.row_no < repeated.last_row_no AND NOT checked.is_rejected
            RETURNING checked.row_no, checked.%4$I AS key_value
        )
        INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value)
        SELECT $1, replaced.row_no, 'warn', 'duplicate_key', %4$L, left(replaced.key_value, 200)
        FROM replaced
        $sql$,
        (SELECT string_agg(format('%s AS k%s', part.term, part.n), ', ') FROM unnest(p_key) WITH ORDINALITY AS part (term, n)),
        array_to_string(p_key, ', '),
        (SELECT string_agg(format('%s = k%s', part.term, part.n), ' AND ') FROM unnest(p_key) WITH ORDINALITY AS part (term, n)),
        p_named_column
    ) USING p_upload_id;
END;
$$;

COMMENT ON FUNCTION commerce.supersede_repeats IS
'p_key: SQL terms over the columns of pg_temp.checked_rows; rows in which one of them is NULL repeat nothing. Earlier rows are superseded with warning duplicate_key on p_named_column, whatever their timestamps say; a rejected row replaces nothing.';

REVOKE ALL ON FUNCTION commerce.supersede_repeats FROM PUBLIC;
