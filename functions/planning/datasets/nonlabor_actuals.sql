-- planning.nonlabor_actuals_file
-- Files of non-labor actuals, one record an actual.
-- requires: load.dataset(), load.file_column(), planning.imports
-- requires: planning.check_nonlabor_actuals(), planning.merge_nonlabor_actuals()
-- source:   docs/planning_writes.md, "Importing actuals"

SELECT load.dataset(
    'planning.nonlabor_actuals', 'planning', 'What was really paid for other things than work',
    merge_function => 'planning.merge_nonlabor_actuals',
    check_function => 'planning.check_nonlabor_actuals',
    kind_names => '{non_labor,nonlabor_actuals}',
    detect_position => 2,
    header_match => 'exact',
    encoding => 'strict',
    skipped_records => 'empty',
    surplus_cells => 'ignore',
    missing_cells => 'reject',
    needs_rows => FALSE
);
SELECT load.file_column('planning.nonlabor_actuals', 'project_id', 'raw', '{project_id}', required => 'project_id');
SELECT load.file_column('planning.nonlabor_actuals', 'resource_id', 'raw', '{resource_id}', required => 'resource_id');
SELECT load.file_column('planning.nonlabor_actuals', 'date', 'raw', '{date}', required => 'date');
SELECT load.file_column('planning.nonlabor_actuals', 'capital', 'raw', '{capital}', required => 'capital');
SELECT load.file_column('planning.nonlabor_actuals', 'expense', 'raw', '{expense}', required => 'expense');
