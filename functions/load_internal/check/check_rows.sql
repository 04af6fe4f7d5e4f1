-- load_internal.check_rows()
-- Reads all cells of a staged file and lets its domain look at the rows.
-- requires: load_internal.check_statement(), load_internal.record_issues(), load_internal.record_damages(), load_internal.call_hook(), load.fail(), load_internal.stage_name(), load_internal.header_matches()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load_internal.check_rows(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET max_parallel_workers_per_gather = 0  -- keeps the rows in the order of the file, in which domains write them
AS $$
DECLARE
    v_dataset load.datasets;
    v_total bigint;
    v_rejected bigint;
    v_superseded bigint;
    v_lacking text;
BEGIN
    SELECT dat.* INTO v_dataset
    FROM load.uploads AS upl
    INNER JOIN load.datasets AS dat ON upl.dataset_name = dat.dataset_name
    WHERE upl.upload_id = p_upload_id;

    IF v_dataset.missing_cells = 'reject' THEN
        -- what is missing behind the last column that is read is missed by nobody
        EXECUTE format(
            'UPDATE %s AS s SET flaw = NULL, flaw_value = nullif(split_part(s.flaw_value, '' '', 2), '''') '
            'WHERE s.flaw = ''too_few_fields'' AND split_part(s.flaw_value, '' '', 1)::integer >= $1', load_internal.stage_name(p_upload_id)
        ) USING (
            SELECT max(pla.n)
            FROM load.uploads AS upl
            CROSS JOIN LATERAL load_internal.header_matches(v_dataset.dataset_name, upl.header) AS mat
            CROSS JOIN LATERAL unnest(mat.places) AS pla (n)
            WHERE upl.upload_id = p_upload_id
        );
    END IF;
    DROP TABLE IF EXISTS checked_rows;
    EXECUTE 'CREATE TEMPORARY TABLE checked_rows ON COMMIT DROP AS ' || load_internal.check_statement(p_upload_id);
    ANALYZE pg_temp.checked_rows;
    PERFORM load_internal.record_issues(p_upload_id);
    PERFORM load_internal.record_damages(p_upload_id);
    UPDATE pg_temp.checked_rows AS chk SET is_rejected = TRUE
    FROM (SELECT DISTINCT iss.row_no FROM load.issues AS iss WHERE iss.upload_id = p_upload_id AND iss.severity = 'reject') AS bad
    WHERE chk.row_no = bad.row_no;

    PERFORM load_internal.call_hook(v_dataset.check_function, p_upload_id);
    UPDATE pg_temp.checked_rows AS chk SET is_rejected = TRUE
    FROM (SELECT DISTINCT iss.row_no FROM load.issues AS iss WHERE iss.upload_id = p_upload_id AND iss.severity = 'reject') AS bad
    WHERE chk.row_no = bad.row_no AND NOT chk.is_rejected;

    SELECT upl.staged_rows INTO v_total FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id AND upl.load_status <> 'failed';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT count(DISTINCT iss.row_no) INTO v_rejected
    FROM load.issues AS iss
    WHERE iss.upload_id = p_upload_id AND iss.severity = 'reject';
    SELECT count(*) INTO v_superseded FROM pg_temp.checked_rows AS chk WHERE chk.is_superseded AND NOT chk.is_rejected;
    IF v_rejected > 0 THEN
        EXECUTE format(
            'INSERT INTO load.rejected_records (upload_id, row_no, cells) '
            'SELECT $1, s.record_no, ARRAY[%s] || CASE WHEN s.flaw = ''too_many_fields'' THEN ARRAY[s.flaw_value] END '
            'FROM %s AS s WHERE s.record_no IN ('
            'SELECT i.row_no FROM load.issues AS i WHERE i.upload_id = $1 AND i.severity = ''reject'') ORDER BY s.record_no',
            (
                SELECT string_agg(format('coalesce(s.c%s, '''')', num.n), ', ' ORDER BY num.n)
                FROM load.uploads AS upl, generate_series(1, cardinality(upl.header)) AS num (n)
                WHERE upl.upload_id = p_upload_id
            ),
            load_internal.stage_name(p_upload_id)
        ) USING p_upload_id;
    END IF;
    IF v_dataset.all_rejected = 'fail' AND v_total > 0 AND v_rejected = v_total THEN
        -- a column that is not there at all explains more than its issues row by row
        SELECT string_agg(DISTINCT iss.column_name, ';' ORDER BY iss.column_name) INTO v_lacking
        FROM load.issues AS iss
        INNER JOIN load.dataset_columns AS col ON iss.column_name = col.column_name
        WHERE iss.upload_id = p_upload_id AND col.dataset_name = v_dataset.dataset_name AND NOT EXISTS (
            SELECT FROM load.uploads AS upl, load_internal.header_matches(v_dataset.dataset_name, upl.header) AS mat
            WHERE upl.upload_id = p_upload_id AND mat.column_name = iss.column_name
        );
        PERFORM load.fail(p_upload_id, 'all_rows_rejected', v_lacking, concat_ws(
            ' ', 'Every row of the file was rejected.', 'It has no column ' || v_lacking || '.'
        ));
        UPDATE load.uploads AS upl SET rejected_rows = v_rejected WHERE upl.upload_id = p_upload_id;
    ELSE
        UPDATE load.uploads AS upl
        SET total_rows = v_total, processed_rows = v_total - v_rejected, rejected_rows = v_rejected, superseded_rows = v_superseded
        WHERE upl.upload_id = p_upload_id;
    END IF;
END;
$$;

COMMENT ON FUNCTION load_internal.check_rows IS
'Makes pg_temp.checked_rows and the issues, and sets the counters of the upload; fails it when the domain or the counters say so.';

REVOKE ALL ON FUNCTION load_internal.check_rows FROM PUBLIC;
