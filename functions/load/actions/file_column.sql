-- load.file_column()
-- Registers one column of a dataset; the columns keep the order of the calls.
-- requires: load.dataset()
-- source:   docs/loading.md, "Registering a dataset"

CREATE OR REPLACE FUNCTION load.file_column(
    p_dataset text,
    p_column text,
    cell_type text,
    names text[],
    fallback text[] DEFAULT '{}',
    required text DEFAULT NULL,
    blank_reason text DEFAULT NULL,
    blank_value text DEFAULT NULL,
    bad text DEFAULT 'warn'
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO load.dataset_columns (
        dataset_name, column_name, column_no, cell_type, header_names, fallback_names,
        required_group, blank_reason, blank_value, bad_severity
    )
    SELECT
        p_dataset, p_column, count(*) + 1, file_column.cell_type, file_column.names, file_column.fallback,
        file_column.required, file_column.blank_reason, file_column.blank_value, file_column.bad
    FROM load.dataset_columns AS col
    WHERE col.dataset_name = p_dataset;
END;
$$;

COMMENT ON FUNCTION load.file_column IS
'required: what a complaint calls the missing column, the same text for columns of which one is enough. bad: reject or warn, for a cell that cannot be read.';

REVOKE ALL ON FUNCTION load.file_column FROM PUBLIC;
