-- Undo 0003_model_risk_reference.

DROP TABLE model_risk.past_due_levels;
DROP TABLE model_risk.validation_request_statuses;
DROP TABLE model_risk.validation_types;
DROP TABLE model_risk.validation_workflow_slas;
DROP TABLE model_risk.validation_policies;
DROP TABLE model_risk.risk_tiers;
DROP TABLE model_risk.regions;
DROP TABLE model_risk.users;
DROP TABLE model_risk.lob_units;
DROP TABLE model_risk.teams;
