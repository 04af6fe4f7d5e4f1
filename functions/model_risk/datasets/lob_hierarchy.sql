-- model_risk.lob_hierarchy_file
-- The hierarchy of lines of business, in the enterprise or the legacy format; its check reads the header itself.
-- requires: load.dataset(), model_risk.imports, model_risk.check_lob_hierarchy(), model_risk.merge_lob_hierarchy()
-- source:   docs/model_risk.md, "Importing the hierarchy"

SELECT load.dataset(
    'model_risk.lob_hierarchy', 'model_risk', 'Hierarchy of lines of business',
    merge_function => 'model_risk.merge_lob_hierarchy',
    check_function => 'model_risk.check_lob_hierarchy',
    kind_names => '{lob_hierarchy}',
    max_bytes => 10485760,
    max_record_bytes => 10485760,
    encoding => 'strict_or_latin1',
    skipped_records => 'empty',
    surplus_cells => 'ignore',
    keeps_cells => TRUE,
    needs_rows => FALSE,
    all_rejected => 'load'
);
