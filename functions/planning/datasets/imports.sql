-- planning.imports
-- What the imports of planning may be told.
-- requires: load.family(), planning.open_import()
-- source:   docs/planning_writes.md, "Importing actuals"

SELECT load.family(
    'planning', 'Imports of planning',
    parameters => '{"user": "Id of the user who imports; without: the login answers for the file",
        "through": "Day through which the actuals are complete; without: the last day of the file"}',
    open_function => 'planning.open_import'
);
