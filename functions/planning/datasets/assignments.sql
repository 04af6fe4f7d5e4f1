-- planning.assignments_file
-- Files of assignments, one record a person, project and day.
-- requires: load.dataset(), load.file_column(), planning.imports
-- requires: planning.check_assignments(), planning.merge_assignments()
-- source:   docs/planning_writes.md, "Planning many assignments"

SELECT load.dataset(
    'planning.assignments', 'planning', 'Who is planned for which project on which day',
    merge_function => 'planning.merge_assignments',
    check_function => 'planning.check_assignments',
    kind_names => '{assignments}',
    detect_position => 3,
    header_match => 'exact',
    encoding => 'strict',
    skipped_records => 'empty',
    surplus_cells => 'ignore',
    missing_cells => 'reject',
    all_rejected => 'load'
);
SELECT load.file_column('planning.assignments', 'resource_id', 'raw', '{resource_id}', required => 'resource_id');
SELECT load.file_column('planning.assignments', 'project_id', 'raw', '{project_id}', required => 'project_id');
SELECT load.file_column('planning.assignments', 'date', 'raw', '{date,assignment_date}', required => 'date');
SELECT load.file_column('planning.assignments', 'capital_percentage', 'raw', '{capital_percentage}', required => 'capital_percentage');
SELECT load.file_column('planning.assignments', 'expense_percentage', 'raw', '{expense_percentage}', required => 'expense_percentage');
