-- Undo 0008_model_risk_imports.

DROP TABLE model_risk.import_batch_errors;
DROP TABLE model_risk.import_batch_rows;
DROP TABLE model_risk.import_batches;
