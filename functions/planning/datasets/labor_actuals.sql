-- planning.labor_actuals_file
-- Files of labor actuals, one record an actual.
-- requires: load.dataset(), load.file_column(), planning.imports
-- requires: planning.check_labor_actuals(), planning.merge_labor_actuals()
-- source:   docs/planning_writes.md, "Importing actuals"

SELECT load.dataset(
    'planning.labor_actuals', 'planning', 'What people really worked, as percentages of days, and what it cost',
    merge_function => 'planning.merge_labor_actuals',
    check_function => 'planning.check_labor_actuals',
    kind_names => '{labor,labor_actuals}',
    detect_position => 1,
    header_match => 'exact',
    encoding => 'strict',
    skipped_records => 'empty',
    surplus_cells => 'ignore',
    missing_cells => 'reject',
    needs_rows => FALSE
);
SELECT load.file_column('planning.labor_actuals', 'project_id', 'raw', '{project_id}', required => 'project_id');
SELECT load.file_column('planning.labor_actuals', 'external_worker_id', 'raw', '{external_worker_id}', required => 'external_worker_id');
SELECT load.file_column('planning.labor_actuals', 'worker_name', 'raw', '{worker_name}', required => 'worker_name');
SELECT load.file_column('planning.labor_actuals', 'date', 'raw', '{date}', required => 'date');
SELECT load.file_column('planning.labor_actuals', 'percentage', 'raw', '{percentage}');
SELECT load.file_column('planning.labor_actuals', 'capital_percentage', 'raw', '{capital_percentage}');
SELECT load.file_column('planning.labor_actuals', 'expense_percentage', 'raw', '{expense_percentage}');
