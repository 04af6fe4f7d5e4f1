-- Undo 0006_planning_actuals.

DROP TABLE planning.actuals;
DROP TABLE planning.actual_import_batches;
