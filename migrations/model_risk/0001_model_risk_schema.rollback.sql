-- Undo 0001_model_risk_schema.

DROP SCHEMA model_risk;
