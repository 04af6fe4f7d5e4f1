-- load.rejects_file()
-- The rejected records of an upload as the lines of a CSV file that a person can correct and load again.
-- requires: load.upload, load.rejected_record, load.guarded()
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE FUNCTION load.rejects_file(p_upload_id bigint)
RETURNS TABLE (line_no bigint, cells text[])
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH record AS MATERIALIZED (
        SELECT
            rec.row_no,
            rec.cells,
            rec.reasons
        FROM load.rejected_record AS rec
        WHERE rec.upload_id = p_upload_id
    ),

    -- a record with more cells than the header keeps the first surplus one, in a column without name
    place AS MATERIALIZED (
        SELECT
            num.n,
            coalesce(upl.header[num.n], '') AS name
        FROM load.upload AS upl
        CROSS JOIN LATERAL generate_series(
            1, greatest(cardinality(upl.header), (SELECT max(cardinality(rec.cells)) FROM record AS rec))
        ) AS num (n)
        WHERE upl.upload_id = p_upload_id
            AND coalesce(upl.header[num.n], '') NOT IN ('rejected_because', 'rejected_row')
    )

    SELECT
        0 AS line_no,
        (SELECT array_agg(load.guarded(pla.name) ORDER BY pla.n) FROM place AS pla)
        || ARRAY['rejected_because', 'rejected_row'] AS cells
    UNION ALL
    SELECT
        row_number() OVER (ORDER BY rec.row_no),
        (SELECT array_agg(load.guarded(coalesce(rec.cells[pla.n], '')) ORDER BY pla.n) FROM place AS pla)
        || ARRAY[load.guarded(coalesce(rec.reasons, '')), rec.row_no::text]
    FROM record AS rec
    ORDER BY 1;
END;

COMMENT ON FUNCTION load.rejects_file IS
'Line 0 is the header with two columns more, rejected_because and rejected_row. Cells that a spreadsheet would run are guarded; loading the file takes that away again.';

REVOKE ALL ON FUNCTION load.rejects_file FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.rejects_file TO tidemark_loader, tidemark_operator;
