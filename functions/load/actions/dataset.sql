-- load.dataset()
-- Registers one kind of file. Its columns follow with load.file_column(), in the same file.
-- requires: nothing
-- source:   docs/loading.md, "Registering a dataset"

CREATE OR REPLACE FUNCTION load.dataset(
    p_dataset text,
    family text,
    description text,
    merge_function text,
    check_function text DEFAULT NULL,
    kind_names text[] DEFAULT '{}',
    detect_position integer DEFAULT NULL,
    lock_parameters text[] DEFAULT '{}',
    scope_parameter text DEFAULT NULL,
    scope_column text DEFAULT NULL,
    max_bytes bigint DEFAULT NULL,
    max_record_bytes bigint DEFAULT 33554432,
    header_match text DEFAULT 'folded',
    encoding text DEFAULT 'replace',
    skipped_records text DEFAULT 'blank',
    surplus_cells text DEFAULT 'reject',
    keeps_cells boolean DEFAULT FALSE,
    needs_rows boolean DEFAULT TRUE,
    all_rejected text DEFAULT 'fail',
    missing_cells text DEFAULT 'fill'
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM load.datasets AS dat WHERE dat.dataset_name = p_dataset;
    INSERT INTO load.datasets (
        dataset_name, family_name, description, kind_names, detect_position, check_function, merge_function,
        lock_parameters, scope_parameter, scope_column, max_bytes, max_record_bytes, header_match, encoding, skipped_records,
        surplus_cells, keeps_cells, needs_rows, all_rejected, missing_cells
    )
    VALUES (
        p_dataset, dataset.family, dataset.description, dataset.kind_names, dataset.detect_position,
        dataset.check_function, dataset.merge_function, dataset.lock_parameters, dataset.scope_parameter, dataset.scope_column,
        dataset.max_bytes, dataset.max_record_bytes, dataset.header_match, dataset.encoding, dataset.skipped_records,
        dataset.surplus_cells, dataset.keeps_cells, dataset.needs_rows, dataset.all_rejected,
        dataset.missing_cells
    );
END;
$$;

COMMENT ON FUNCTION load.dataset IS
'Idempotent; replaces an earlier registration, columns included. The parameters are the columns of load.datasets.';

REVOKE ALL ON FUNCTION load.dataset FROM PUBLIC;
