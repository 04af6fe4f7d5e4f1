-- model_risk.note_repeated_results()
-- Warns of records of a results file whose model and metric come again, and counts those of which nothing is left.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing monitoring results"

CREATE OR REPLACE FUNCTION model_risk.note_repeated_results(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    WITH given AS (
        SELECT
            imp.row_no,
            imp.model_id,
            imp.metric_id,
            imp.numeric_value IS NOT NULL AS has_value,
            -- thresholds give a quantitative metric its outcome, and beside a value a given one is not stored
            imp.outcome IS NOT NULL AND imp.numeric_value IS NULL AND imp.evaluation_type <> 'Quantitative' AS has_outcome,
            imp.narrative IS NOT NULL AS has_narrative
        FROM pg_temp.import_results AS imp
        WHERE imp.category IS NULL
    ),

    repeated AS (
        SELECT
            giv.row_no,
            giv.model_id,
            giv.metric_id,
            count(*) OVER later > 0 AS comes_again,
            (NOT giv.has_value OR bool_or(giv.has_value) OVER later)
            AND (NOT giv.has_outcome OR bool_or(giv.has_outcome) OVER later)
            AND (NOT giv.has_narrative OR bool_or(giv.has_narrative) OVER later) AS is_replaced
        FROM given AS giv
        WINDOW later AS (
            PARTITION BY giv.model_id, giv.metric_id ORDER BY giv.row_no ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        )
    ),

    counted AS (
        UPDATE pg_temp.checked_rows AS chk
        SET is_superseded = TRUE
        FROM repeated AS rep
        WHERE chk.row_no = rep.row_no AND rep.comes_again AND rep.is_replaced
    )

    INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value, message)
    SELECT
        p_upload_id, rep.row_no, 'warn', 'duplicate_key', 'model_id', rep.model_id::text,
        format('Model %s and metric %s come again in the file', rep.model_id, rep.metric_id)
    FROM repeated AS rep
    WHERE rep.comes_again
    ORDER BY rep.row_no;
END;
$$;

COMMENT ON FUNCTION model_risk.note_repeated_results IS
'Reads pg_temp.import_results. A record is superseded when later ones of its model and metric give every field that it gives; where a field of it stays it is not, and both are warned of.';

REVOKE ALL ON FUNCTION model_risk.note_repeated_results FROM PUBLIC;
