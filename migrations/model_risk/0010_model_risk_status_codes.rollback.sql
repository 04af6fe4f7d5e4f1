-- Undo 0010_model_risk_status_codes.

DROP TABLE model_risk.kpi_metrics;
DROP TABLE model_risk.validation_status_code;
DROP TABLE model_risk.approval_status_code;
DROP TABLE model_risk.revalidation_status_code;

REVOKE SELECT ON ALL TABLES IN SCHEMA model_risk FROM tidemark_app;
