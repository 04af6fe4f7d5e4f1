-- Undo 0005_model_risk_validation.

ALTER TABLE model_risk.model_versions DROP CONSTRAINT model_versions_validation_request_id_fkey;
DROP TABLE model_risk.model_approval_status_history;
DROP TABLE model_risk.validation_approvals;
DROP TABLE model_risk.validation_scorecard_results;
DROP TABLE model_risk.validation_outcomes;
DROP TABLE model_risk.validation_request_models;
DROP TABLE model_risk.validation_requests;
